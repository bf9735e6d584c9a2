/** Takes the pictures of the README anew, from the real program and the real reference phone: `node scripts/pictures.ts`. */
import { join } from 'node:path';
import { root } from '../test/support/all-in-one.ts';
import { bootPhone, browserPath, openStage } from '../test/web/support/visitor.ts';

if (browserPath === undefined) process.exit(1);
const picture = (name: string) => ({ path: join(root, 'docs', 'pictures', `${name}.png`) });
await using stage = await openStage();
const { program } = stage;
const people = [
  { userId: 'ann', firstName: 'Ann', lastName: 'Baker' },
  { userId: 'chen', firstName: 'Wei', lastName: 'Chen' },
];
for (const person of people)
  await program.rest('POST', '/users', { ...person, password: `long-enough-for-${person.userId}` });
const desks = ['Front desk', 'Meeting room 1', 'Ann Baker', 'Kitchen', 'Workshop', 'Wei Chen', 'Warehouse', 'Library'];
const models = ['8845', '8832', '8865', '7811', '7841', '8851', '8861', '8811'];
const phones: { name: string; code: string }[] = [];
for (const [index, description] of desks.entries()) {
  const { body } = await program.rest('POST', '/phones', {
    model: `Cisco ${models[index]}`,
    description,
    lines: [{ directoryNumber: String(1001 + index) }],
    ...(index === 2 ? { ownerUserId: 'ann' } : index === 5 ? { ownerUserId: 'chen' } : {}),
    requiresActivationCode: true,
  });
  const { code } = (await program.rest('GET', `/phones/${body.name}/activation-code`)).body;
  phones.push({ name: body.name, code });
}
const mac = (index: number) => `00AA0000000${index}`;
for (const index of [0, 1, 4])
  await bootPhone(program, { model: models[index]!, mac: mac(index), code: phones[index]!.code });
await bootPhone(program, { model: '8845', mac: mac(9), code: phones[3]!.code });

for (const language of ['en', 'zh-CN'] as const) {
  const suffix = language === 'en' ? '' : '-zh';
  await using visitor = await stage.visit({ language, width: 1280, height: 800 });
  await visitor.signIn();
  await visitor.open('/');
  await visitor.page.locator('.fr-reasons').waitFor();
  await visitor.page.screenshot(picture(`onboarding${suffix}`));
  if (language === 'zh-CN') continue;
  await visitor.open(`/device/phones/${phones[5]!.name}`);
  await visitor.page.getByRole('button', { name: 'View Activation Code' }).click();
  await visitor.page.locator('.fr-qr').waitFor();
  await visitor.page.screenshot(picture('phone'));
}
await using ann = await stage.visit({ width: 390, height: 844 });
await ann.signIn({ userId: 'ann', password: 'long-enough-for-ann' }, '/selfcare');
await ann.page.locator('.fr-qr').waitFor();
await ann.page.screenshot(picture('self-care'));
