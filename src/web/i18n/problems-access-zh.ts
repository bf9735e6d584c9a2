/** Problem documents about phones outside, by their code. */
export const problemsAccessZh: Readonly<Record<string, string>> = {
  'problem.expressway_not_found': '没有此 Expressway-C。',
  'remedy.expressway_not_found': '请重新查看 Expressway-C 列表。',
  'problem.grant_not_found': '电话没有这样的令牌。',
  'remedy.grant_not_found': '请重新查看其令牌列表；令牌可能已经结束。',
};
