/** Where the answer about Cloud Onboarding is kept. */
export const cloudOnboardingKey = ['cloud-onboarding'];
