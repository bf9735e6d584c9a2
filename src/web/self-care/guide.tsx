import type { ReactNode } from 'react';
import { useText } from '../i18n/use-text.ts';

/** What to do, in three pictures drawn for this page. `outside`: the phone may be anywhere. */
export function Guide({ camera, outside }: { camera: boolean; outside: boolean }) {
  const { t } = useText();
  const steps: readonly (readonly [ReactNode, string])[] = [
    [<PlugPicture key="plug" />, t(outside ? 'selfCare.step1Outside' : 'selfCare.step1')],
    [
      camera ? <ScanPicture key="scan" /> : <KeysPicture key="keys" />,
      camera ? `${t('selfCare.step2')} ${t('selfCare.cameraText')}` : t('selfCare.step2'),
    ],
    [<RingPicture key="ring" />, t('selfCare.step3')],
  ];
  return (
    <ol className="fr-guide">
      {steps.map(([picture, text], index) => (
        <li key={text}>
          {picture}
          <span>
            <strong>{index + 1}.</strong> {text}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Picture({ children }: { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 200 116"
      fill="none"
      stroke="currentColor"
      strokeWidth={2.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

function Phone() {
  return (
    <>
      <rect x="62" y="16" width="76" height="84" rx="8" />
      <path d="M50 26c-6 0-9 5-9 32s3 32 9 32 9-5 9-11c0-4-2-6-2-21s2-17 2-21c0-6-3-11-9-11z" />
      <rect x="72" y="26" width="56" height="28" rx="3" />
      <path d="M78 66h8M96 66h8M114 66h8M78 78h8M96 78h8M114 78h8M78 90h8M96 90h8M114 90h8" />
    </>
  );
}

function PlugPicture() {
  return (
    <Picture>
      <Phone />
      <path d="M138 84h16c8 0 8-20 16-20" />
      <rect x="170" y="54" width="18" height="20" rx="3" />
      <path d="M175 60v5M183 60v5" />
      <path d="M84 40h32" />
    </Picture>
  );
}

function KeysPicture() {
  return (
    <Picture>
      <rect x="18" y="14" width="120" height="26" rx="5" />
      <path d="M30 27h14M52 27h14M74 27h14M96 27h14" />
      <path d="M118 21v12" />
      {[0, 1, 2].map((row) =>
        [0, 1, 2].map((column) => (
          <rect key={`${row}${column}`} x={40 + column * 28} y={50 + row * 20} width="20" height="13" rx="4" />
        )),
      )}
      <path d="M136 102c0-8 4-14 10-14s6 4 6 8l14 4c6 2 8 6 8 12" />
      <path d="M146 88V70a5 5 0 0 1 10 0v22" />
    </Picture>
  );
}

function ScanPicture() {
  return (
    <Picture>
      <rect x="20" y="24" width="62" height="70" rx="8" />
      <circle cx="51" cy="36" r="5" />
      <rect x="30" y="48" width="42" height="34" rx="3" />
      <path d="M92 44l22-8M92 58h22M92 72l22 8" strokeDasharray="3 6" />
      <rect x="124" y="22" width="52" height="74" rx="8" />
      <path d="M136 36h10v10h-10zM154 36h10v10h-10zM136 54h10v10h-10zM154 56h4M162 62h2M154 66h10" />
      <path d="M144 84h12" />
    </Picture>
  );
}

function RingPicture() {
  return (
    <Picture>
      <Phone />
      <path d="M88 40l8 7 15-15" />
      <path d="M150 30a14 14 0 0 1 0 20M160 20a28 28 0 0 1 0 40" />
    </Picture>
  );
}
