/** Calls a line may hold at once, and from how many it may be busy: as the field has it. */
export const mostCalls = 200;
