/** Versions of the schema that are answered. Source: reference "AXL on the wire", versions. */
export const axlVersions = ['12.5', '14.0', '15.0'] as const;

const space = /^http:\/\/www\.cisco\.com\/AXL\/API\/(\d{1,3}\.\d{1,2})$/;

/** The version a namespace names; `1.0` means the oldest there is. Undefined: not supported. */
export function axlVersionOf(namespace: string): string | undefined {
  const version = space.exec(namespace)?.[1];
  if (version === '1.0') return axlVersions[0];
  return axlVersions.find((each) => each === version);
}

/** In the words clients parse to try again with a version that is there. */
export const versionRefusal = 'Incorrect axl version. Supported axl versions are 12.5, 14.0 and 15.0';
