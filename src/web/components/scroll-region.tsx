import type { ReactNode, Ref } from 'react';

/** A part of the page that scrolls by itself; it takes the focus so that the keyboard can scroll it too. */
export function ScrollRegion({
  label,
  className,
  ref,
  children,
}: {
  label: string;
  className: string;
  ref?: Ref<HTMLElement>;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: WCAG 2.1.1: what scrolls must be reachable without a mouse
    <section className={className} aria-label={label} tabIndex={0} {...(ref === undefined ? {} : { ref })}>
      {children}
    </section>
  );
}
