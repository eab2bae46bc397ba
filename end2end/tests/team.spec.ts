// Teams of a group challenge: registered, filled by invitation and from the roster, handed in, approved.
import AxeBuilder from '@axe-core/playwright';
import { ADMINISTRATOR, db, expect, freshId, newLearner, signIn, test, type Learner } from './world';
import type { Browser, Page } from '@playwright/test';

/** A challenge of teams of two with a substitute; registration ends in an hour. */
function newChallenge({ until = 3_600_000 } = {}) {
  const challenge = { id: freshId(), title: `挑战赛 ${freshId().slice(-6)}` };
  const rules = {
    questions: 5, minutes: 5, attempts: 1, points: 20, topics: [], bands: [{ from: 1, to: 1, credits: 30 }], taking_part: 5,
    team: { size: 2, substitutes: 1, teams: 9, register_until: Date.now() + until },
  };
  db`insert into contest (id, kind, title, summary, unit_id, opens_at, closes_at, rules)
     values (${challenge.id}, 'team', ${challenge.title}, '测试用', '51', ${Date.now() + 7_200_000}, ${Date.now() + 90_000_000}, ${JSON.stringify(rules)})`;
  return challenge;
}

async function enter(browser: Browser, baseURL: string, who: Learner | string, options = {}) {
  const page = await (await browser.newContext({ baseURL, ...options })).newPage();
  await signIn(page, who);
  return page;
}

async function register(page: Page, challenge: { id: string }, name = '锦绣队') {
  await page.goto(`/contests/${challenge.id}/teams`);
  await page.getByLabel('队名').fill(name);
  await page.getByRole('button', { name: '报名' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name);
}

const states = (challenge: { id: string }) => db`select state from contest_team where contest_id = ${challenge.id}`.map(row => row.state);
const faults = async (page: Page) => (await new AxeBuilder({ page }).analyze()).violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}`));
const wide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

for (const javaScriptEnabled of [true, false]) {
  test(`a team is registered, filled by a link and from the roster, handed in and approved${javaScriptEnabled ? '' : ', without JavaScript'}`, async ({ browser, baseURL }) => {
    test.setTimeout(90_000);
    const challenge = newChallenge(), options = { javaScriptEnabled }, picture = (name: string) => `artifacts/team-${name}${javaScriptEnabled ? '' : '-plain'}.png`;
    const [first, second, third] = [newLearner(), newLearner(), newLearner()];
    const captain = await enter(browser, baseURL!, first, options);
    await captain.goto(`/contests/${challenge.id}`);
    await captain.getByRole('link', { name: /代表队/ }).click();
    await expect(captain.getByText('还没有代表队报名。')).toBeVisible();
    await captain.screenshot({ path: picture('register'), fullPage: true });
    await register(captain, challenge);
    await expect(captain.getByText('还差 1 名队员')).toBeVisible();
    await expect(captain.locator('.qr svg')).toBeVisible();
    if (javaScriptEnabled) expect(await faults(captain)).toEqual([]);
    const link = await captain.locator('.invite .link').innerText();
    expect(link.startsWith(`${baseURL}/contests/${challenge.id}/teams/join/`)).toBe(true);

    const member = await enter(browser, baseURL!, second, options);
    await member.goto(link);
    await expect(member.getByText(`${first.name}邀请您参加`)).toBeVisible();
    await member.screenshot({ path: picture('join'), fullPage: true });
    await member.getByRole('button', { name: '加入' }).click();
    await expect(member.locator('.flash')).toContainText('已加入');
    await expect(member.getByRole('button', { name: '退出代表队' })).toBeVisible();

    await captain.getByPlaceholder('输入姓名查找').fill(third.name);
    await captain.getByRole('button', { name: '查找' }).click();
    await captain.getByRole('listitem').filter({ hasText: third.name }).getByRole('button', { name: '加入' }).click();
    await expect(captain.getByRole('region', { name: '替补' }).getByText(third.name)).toBeVisible();
    await captain.screenshot({ path: picture('full'), fullPage: true });
    await captain.getByRole('button', { name: '提交审批' }).click();
    await expect(captain.locator('.flash')).toContainText('等候审批');
    expect(states(challenge)).toEqual(['handed-in']);
    await expect(captain.getByRole('button', { name: '移出' })).toHaveCount(0);

    const boss = await enter(browser, baseURL!, ADMINISTRATOR, options);
    await boss.goto(`/contests/${challenge.id}/teams`);
    await boss.getByRole('link', { name: /锦绣队/ }).click();
    await boss.screenshot({ path: picture('approve'), fullPage: true });
    if (javaScriptEnabled) expect(await faults(boss)).toEqual([]);
    await boss.getByRole('button', { name: '通过' }).click();
    await expect(boss.locator('.flash')).toContainText('已通过');
    expect(states(challenge)).toEqual(['approved']);
    await captain.reload();
    await expect(captain.locator('.chip').first()).toHaveText('已通过');
    for (const page of [captain, member, boss]) {
      if (javaScriptEnabled) expect(await wide(page)).toBe(0);
      await page.context().close();
    }
  });
}

test('a refusal says why, the captain mends it, hands over and leaves', async ({ browser, baseURL }) => {
  test.setTimeout(60_000);
  const challenge = newChallenge(), [first, second] = [newLearner(), newLearner()];
  const captain = await enter(browser, baseURL!, first);
  await register(captain, challenge);
  const member = await enter(browser, baseURL!, second);
  await member.goto(await captain.locator('.invite .link').innerText());
  await member.getByRole('button', { name: '加入' }).click();
  await captain.reload();
  await captain.getByRole('button', { name: '提交审批' }).click();
  const boss = await enter(browser, baseURL!, ADMINISTRATOR);
  await boss.goto(captain.url());
  await boss.getByLabel('退回原因').fill('请换一位队长');
  await boss.getByRole('button', { name: '退回修改' }).click();
  await captain.reload();
  await expect(captain.locator('.flash')).toContainText('请换一位队长');
  await captain.getByLabel(`更改${second.name}的席位`).click();
  await captain.getByRole('button', { name: '设为队长' }).click();
  await expect(captain.getByRole('listitem').filter({ hasText: second.name }).getByText('队长')).toBeVisible();
  await captain.getByRole('button', { name: '退出代表队' }).click();
  await expect(captain).toHaveURL(`/contests/${challenge.id}/teams`);
  await member.reload();
  await member.getByRole('link', { name: '放弃报名' }).click();
  await member.getByRole('button', { name: '放弃报名' }).click();
  await expect(member.locator('.flash')).toContainText('已放弃报名');
  expect(states(challenge)).toEqual(['withdrawn']);
  for (const page of [captain, member, boss]) await page.context().close();
});

test('a double click registers one team, Back and a void link do no harm, a neighbour is told why not', async ({ browser, baseURL }) => {
  const challenge = newChallenge(), captain = await enter(browser, baseURL!, newLearner());
  await captain.goto(`/contests/${challenge.id}/teams`);
  await captain.getByLabel('队名').fill('双击队');
  await captain.getByRole('button', { name: '报名' }).dblclick();
  await expect(captain.locator('.invite .link')).toBeVisible();
  expect(states(challenge)).toEqual(['open']);
  const link = await captain.locator('.invite .link').innerText();
  const neighbour = await enter(browser, baseURL!, '13800000002');
  await neighbour.goto(link);
  await neighbour.getByRole('button', { name: '加入' }).click();
  await expect(neighbour.locator('.flash')).toContainText('属于另一个单位');
  await captain.getByRole('button', { name: '换新链接' }).click();
  await expect(captain.locator('.flash')).toContainText('旧链接失效');
  await neighbour.goto(link);
  await expect(neighbour.getByText('邀请链接已失效')).toBeVisible();
  await captain.goBack();
  await captain.goForward();
  await expect(captain.getByRole('heading', { level: 1 })).toHaveText('双击队');
  for (const page of [captain, neighbour]) await page.context().close();
});

test('once registration is over nobody registers, and the page says so', async ({ page, me: _ }) => {
  const challenge = newChallenge({ until: -1000 });
  await page.goto(`/contests/${challenge.id}/teams`);
  await expect(page.getByText('报名已截止')).toBeVisible();
  await expect(page.getByLabel('队名')).toHaveCount(0);
});
