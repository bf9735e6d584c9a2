/** What a digest password is sealed for. A value sealed for one purpose opens for no other, so every writer and reader names this one. */
export const digestPasswordPurpose = 'device-digest-password';
