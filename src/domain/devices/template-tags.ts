/** What the tags of universal templates stand for. Absent: the tag becomes nothing. */
export interface TagValues {
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly userId?: string | undefined;
  readonly mail?: string | undefined;
  readonly directoryNumber?: string | undefined;
  readonly product?: string | undefined;
}

const tags: Readonly<Record<string, (values: TagValues) => string | undefined>> = {
  firstname: (v) => v.firstName,
  lastname: (v) => v.lastName,
  displayname: (v) => [v.firstName, v.lastName].filter((part) => part !== undefined && part !== '').join(' '),
  userid: (v) => v.userId,
  mailid: (v) => v.mail,
  directorynumber: (v) => v.directoryNumber,
  extension: (v) => v.directoryNumber,
  product: (v) => v.product,
  protocol: () => 'SIP',
};

/**
 * `#FirstName# #LastName# (#Product#)` → `Ann Example (Cisco 8845)`. Tags are found in any case; what is no tag stays as it is.
 * A value is never read for tags again. Gaps that empty tags leave are closed; the result is cut to `longest` characters.
 */
export function fillTags(template: string, values: TagValues, longest: number): string {
  const filled = template.replace(/#([A-Za-z]+)#/g, (whole, name: string) => {
    const value = tags[name.toLowerCase()];
    return value === undefined ? whole : (value(values) ?? '');
  });
  return Array.from(filled.replace(/\s+/g, ' ').trim()).slice(0, longest).join('').trim();
}
