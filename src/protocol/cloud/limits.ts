/** Sizes that both ends keep, so that neither sends what the other must refuse. */

/** Octets of a request's body to the cloud, save the PhoneEdge-trust upload. */
export const largestRequest = 16 * 1024;
/** PhoneEdge-trust: certificates, octets of one in DER, octets of all in DER. A phone has to hold them. */
export const mostTrustCertificates = 20;
export const largestTrustCertificate = 16 * 1024;
export const largestTrustSet = 64 * 1024;
/** Octets of the upload's body: base64url of the largest set and the members around it. */
export const largestTrustUpload = 96 * 1024;
/** Characters of a resolve answer (compact JWS): the set, base64url twice, and the other claims. */
export const largestAnswer = 128 * 1024;
/** Locators of one request. */
export const mostLocatorsAtOnce = 1000;
/** Seconds that a resolve answer may be good for. */
export const longestAnswerLife = 24 * 3600;
