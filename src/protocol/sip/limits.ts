/** Bounds of one message (spec/security.md, "SIP"). Octets and header lines. */
export const maxMessageBytes = 16_384;
export const maxHeaderLines = 64;
