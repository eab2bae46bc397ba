// The day of a group challenge: composed, drawn, played and declared by an administrator on a phone, without scripts.
import type { BrowserContext, Page } from '@playwright/test';
import { fits } from './fits';
import { ARTIFACTS } from './match-world';
import { ADMINISTRATOR, db, EDITOR, expect, freshId, key, newLearner, signIn, test, UNIT, type Learner } from './world';

interface Team { id: string; name: string; captain: Learner }

/** A team challenge of the province with approved teams of one member each. */
function newChallenge(names: string[]) {
  const id = freshId(), now = Date.now();
  const rules = { questions: 1, minutes: 1, attempts: 1, points: 10, topics: ['constitution'], bands: [{ from: 1, to: 1, credits: 50 }, { from: 2, to: 3, credits: 30 }], taking_part: 5, team: { size: 1, substitutes: 0, teams: 1, register_until: now - 3_600_000 } };
  db`insert into contest (id, kind, title, summary, unit_id, opens_at, closes_at, rules)
     values (${id}, 'team', '全省机关学法团体挑战赛', '各单位代表队同台答题。', '51', ${now - 3_600_000}, ${now + 3_600_000}, ${JSON.stringify(rules)})`;
  const teams = names.map((name, n): Team => {
    const captain = newLearner(), team = { id: freshId(), name, captain };
    db`insert into contest_team (id, contest_id, unit_id, name, captain_id, invitation, state, note, created_at)
       values (${team.id}, ${id}, ${UNIT}, ${name}, ${captain.id}, ${team.id}, 'approved', '', ${now + n})`;
    db`insert into contest_team_member (contest_id, learner_id, team_id, seat, position, joined_at)
       values (${id}, ${captain.id}, ${team.id}, 'member', 0, 0)`;
    return team;
  });
  return { id, teams };
}

const NAMES = ['甘孜藏族自治州市场监督管理局第一代表队', '锦江区司法局代表队', '涪城区司法局代表队', '省人民医院代表队'];

/** Matches of a round that were made, with the teams that meet. */
const matches = (contest: string, round: number) =>
  db`select m.id, m.setup, m.secrets from live_match m join contest_match c on c.match_id = m.id
     where c.contest_id = ${contest} and c.round = ${round} order by c.position`
    .map(row => ({ id: row.id as string, teams: JSON.parse(row.setup).teams.map((t: any) => t.id as string), questions: JSON.parse(row.secrets).questions.map((q: any) => q.id as string) }));

/** A wish over the wire, by whoever is signed in there. */
async function wish(context: BrowserContext, baseURL: string, match: string, what: object) {
  const answer = await context.request.post(`/matches/${match}/wish`, { data: what, headers: { origin: baseURL } });
  expect(answer.ok(), await answer.text()).toBeTruthy();
  expect((await answer.json())[0], JSON.stringify(what)).toHaveProperty('done');
}

async function step(host: BrowserContext, baseURL: string, match: string, steer: string) {
  const log: any[] = await (await host.request.get(`/matches/${match}/log`)).json();
  const expects = Math.max(0, ...log.map(told => told.event?.number ?? 0));
  await wish(host, baseURL, match, { steer: { id: 1, expects, steer } });
}

/** Plays a match of one question to its end: only the winner answers. */
async function play(host: BrowserContext, winner: BrowserContext, baseURL: string, match: { id: string; questions: string[] }) {
  const device = freshId();
  const play = (play: unknown) => wish(winner, baseURL, match.id, { play: { id: 1, device, play } });
  await play('join');
  for (const steer of ['start', 'open']) await step(host, baseURL, match.id, steer);
  await play({ answer: { question: 0, revision: 1, answer: key(match.questions[0]) } });
  for (const steer of ['lock', 'reveal', 'scoreboard', 'finish']) await step(host, baseURL, match.id, steer);
}

const shot = (page: Page, name: string) => page.screenshot({ path: `${ARTIFACTS}/challenge-${name}.png`, fullPage: true });

test('an administrator composes the day on a phone, draws four teams, and declares the places', async ({ browser, baseURL }) => {
  test.setTimeout(120_000);
  const contest = newChallenge(NAMES), at = baseURL!;
  const phone = { baseURL, viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
  const boss = await browser.newContext({ ...phone, javaScriptEnabled: false });
  const page = await boss.newPage();
  await signIn(page, ADMINISTRATOR);
  await page.goto(`/contests/${contest.id}`);
  await page.getByRole('link', { name: '挑战日' }).click();
  await expect(page.locator('.next-step')).toContainText('先编排赛程');

  // The programme: every button is a save.
  await page.getByRole('link', { name: '编排赛程' }).click();
  await expect(page.locator('#rounds > li')).toHaveCount(4);
  await shot(page, 'programme');
  await page.getByRole('button', { name: '第 2 轮上移' }).click();
  await expect(page.locator('#r0-kind')).toHaveValue('buzzer');
  await page.getByRole('button', { name: '删去第 1 轮' }).click();
  await page.getByRole('button', { name: '删去第 3 轮' }).click();
  await page.getByRole('button', { name: '删去第 2 轮' }).click();
  await expect(page.locator('#rounds > li')).toHaveCount(1);
  await page.locator('#r0-questions').fill('0');
  await page.getByRole('button', { name: '保存赛程' }).last().click();
  await expect(page.getByRole('alert')).toContainText('有一轮没有题目');
  await page.locator('#r0-questions').fill('1');
  await page.getByRole('button', { name: '保存赛程' }).last().click();
  await expect(page.locator('.flash')).toContainText('赛程已保存');

  // Who leads.
  const name = db`select name from learner where phone = ${ADMINISTRATOR}`[0].name;
  await page.getByRole('searchbox').fill(name);
  await page.getByRole('button', { name: '查找' }).click();
  await page.locator('form.row', { hasText: name }).getByRole('button', { name: '加入' }).first().click();
  await expect(page.locator('.next-step')).toContainText('可以抽签了');
  await shot(page, 'day');

  // The draw: seen before anything is written.
  await page.locator('.next-step').getByRole('link', { name: '抽签' }).click();
  await page.getByRole('button', { name: '看一遍' }).click();
  await expect(page.locator('.drawn')).toHaveCount(2);
  await shot(page, 'draw');
  expect(matches(contest.id, 1)).toEqual([]);
  await page.getByRole('button', { name: '建成 2 场比赛' }).click();
  await expect(page.locator('.flash')).toContainText('已建成 2 场比赛');
  const semis = matches(contest.id, 1);
  expect(semis[0].questions).not.toEqual(semis[1].questions); // one goes ahead of the other

  // The semi-finals: the first-named team of each wins.
  const winners: Team[] = [], contexts: BrowserContext[] = [];
  for (const semi of semis) {
    const winner = contest.teams.find(team => team.id === semi.teams[0])!;
    const context = await browser.newContext(phone);
    await signIn(await context.newPage(), winner.captain);
    await play(boss, context, at, semi);
    winners.push(winner);
    contexts.push(context);
  }
  await page.goto(`/contests/${contest.id}/day`);
  await expect(page.locator('.next-step')).toContainText('可以排下一轮');
  await page.locator('.next-step').getByRole('link').click();
  await page.getByRole('button', { name: '看一遍' }).click();
  await expect(page.locator('.drawn')).toContainText(winners[0].name);
  await page.getByRole('button', { name: '建成 1 场比赛' }).click();
  const [final] = matches(contest.id, 2);
  expect(semis.flatMap(semi => semi.questions)).not.toContain(final.questions[0]);

  // A member sees the own match first, on the phone.
  const [member] = contexts[1].pages();
  await member.goto(`/contests/${contest.id}/matches`);
  await expect(member.locator('.meeting[aria-current]')).toHaveCount(2);
  await expect(member.locator('.rows .row').first()).toContainText('决赛');
  await shot(member, 'matches');
  await play(boss, contexts[1], at, final);

  // Who has no account follows the teams on the public board, which keeps itself up to date.
  const public_ = await browser.newContext(phone), board = await public_.newPage();
  await board.goto(`/contests/${contest.id}/board`);
  await expect(board.locator('.board-state')).toContainText('名次随比赛更新');
  await expect(board.locator('.board tbody tr')).toHaveCount(4);
  await expect(board.locator('.board tbody tr').first()).toContainText(winners[1].name);
  await expect(board.locator('nav.tabs')).toHaveCount(0);
  await board.screenshot({ path: `${ARTIFACTS}/challenge-board.png`, fullPage: true });
  const data = await (await public_.request.get(`/contests/${contest.id}/board.json`)).json();
  expect([data.of, data.total, data.rows[0].name, data.rows[0].round]).toEqual(['teams', 4, winners[1].name, 2]);

  // The places.
  await page.goto(`/contests/${contest.id}/day`);
  await shot(page, 'day-final');
  await page.locator('.next-step').getByRole('link', { name: '公布名次' }).click();
  await expect(page.locator('.rows .row').first()).toContainText(winners[1].name);
  await shot(page, 'declare');
  await page.getByRole('button', { name: '公布名次' }).click();
  await expect(page.locator('.flash')).toContainText('记入额外积分 160 分');
  await expect(page.locator('.podium li').first()).toContainText(winners[1].name);
  await expect(page.locator('.podium li')).toHaveCount(4); // 1, 2, 3 and 3
  await shot(page, 'places');
  await expect(board.locator('.board-state')).toContainText('名次已公布', { timeout: 20_000 });
  expect(await board.locator('.board .rank').allTextContents()).toEqual(['名次', '1', '2', '3', '3']);
  await public_.close();
  const credits = db`select sum(amount) as sum from credit_entry where learner_id = ${winners[1].captain.id}`[0].sum;
  expect(credits).toBe(55);
  await member.setViewportSize({ width: 1280, height: 800 });
  await member.goto(`/contests/${contest.id}/matches`);
  await shot(member, 'bracket');
  for (const context of [boss, ...contexts]) await context.close();
});

test('who does not run the day does not see it, and an unmade match asks first', async ({ browser, baseURL }) => {
  const contest = newChallenge(NAMES.slice(0, 2));
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await signIn(page, contest.teams[0].captain);
  expect((await page.goto(`/contests/${contest.id}/day`))?.status()).toBe(403);
  await page.goto(`/contests/${contest.id}/matches`);
  await expect(page.locator('.empty')).toContainText('还没有抽签');
  await context.close();

  const boss = await browser.newContext({ baseURL });
  const desk = await boss.newPage();
  await signIn(desk, ADMINISTRATOR);
  await desk.goto(`/contests/${contest.id}/day`);
  const name = db`select name from learner where phone = ${ADMINISTRATOR}`[0].name;
  await desk.getByRole('searchbox').fill(name);
  await desk.getByRole('button', { name: '查找' }).click();
  await desk.locator('form.row', { hasText: name }).getByRole('button', { name: '加入' }).first().click();
  await desk.goto(`/contests/${contest.id}/day/draw?form=one`);
  await desk.getByRole('button', { name: '建成 1 场比赛' }).click();
  await expect(desk.locator('.flash')).toContainText('已建成 1 场比赛');
  await desk.getByRole('link', { name: '撤销这一场' }).click();
  await expect(desk.locator('h1')).toContainText('撤销这一场？');
  expect(matches(contest.id, 1)).toHaveLength(1);
  await desk.getByRole('button', { name: '撤销这一场' }).click();
  await expect(desk.locator('.flash')).toContainText('已撤销');
  expect(matches(contest.id, 1)).toEqual([]);
  await boss.close();
});

test('a tie on the line is settled on the page, with a reason that everyone sees', async ({ browser, baseURL }) => {
  const contest = newChallenge(NAMES.slice(0, 2));
  const boss = await browser.newContext({ baseURL });
  const page = await boss.newPage();
  await signIn(page, ADMINISTRATOR);
  await page.goto(`/contests/${contest.id}/day`);
  const name = db`select name from learner where phone = ${ADMINISTRATOR}`[0].name;
  await page.getByRole('searchbox').fill(name);
  await page.getByRole('button', { name: '查找' }).click();
  await page.locator('form.row', { hasText: name }).getByRole('button', { name: '加入' }).first().click();
  await page.goto(`/contests/${contest.id}/day/draw?form=one`);
  await page.getByRole('button', { name: '建成 1 场比赛' }).click();
  const [match] = matches(contest.id, 1);
  const result = JSON.stringify(match.teams.map((team: string) => [team, 100]));
  db`update live_match set begun_at = 1, finished_at = 2, result = ${result} where id = ${match.id}`;
  await page.goto(`/contests/${contest.id}/day`);
  await expect(page.locator('.next-step')).toContainText('晋级线上同分');
  await expect(page.locator('.tie')).toContainText(NAMES[0]);
  await shot(page, 'tie');
  await page.locator('.tie').getByText(NAMES[1]).last().click();
  await page.locator('.tie input[name=why]').fill('加赛前一队弃权');
  await page.getByRole('button', { name: '按此决定' }).click();
  await expect(page.locator('.flash')).toContainText('理由记录在案');
  await page.goto(`/contests/${contest.id}/matches`);
  await expect(page.locator('.meeting')).toContainText('加赛前一队弃权');
  await boss.close();
});

test('an editor comes from the form to the day, and everyone sees the programme; every page fits a phone', async ({ browser, baseURL }) => {
  test.setTimeout(120_000);
  const phone = { baseURL, viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
  const desk = await browser.newContext(phone);
  const page = await desk.newPage();
  await signIn(page, EDITOR);
  await page.goto('/admin/contests/new');
  await page.locator('label.option', { hasText: '团体挑战赛' }).click();
  await page.locator('#title').fill(`2026年团体挑战赛 ${freshId().slice(-6)}`);
  await page.getByRole('button', { name: '建立草稿' }).click();
  await page.waitForURL(/contests\/[0-9a-f-]{36}$/);
  const draft = page.url();
  await page.getByRole('link', { name: '编排赛程' }).click();
  await page.getByRole('button', { name: '保存赛程' }).last().click();
  await expect(page.locator('.flash')).toContainText('赛程已保存');
  await page.goto(`${draft}/preview`);
  await expect(page.locator('section[aria-labelledby=programme] li')).toHaveCount(4);
  await expect(page.locator('section[aria-labelledby=programme]').getByRole('link')).toHaveCount(0);
  await shot(page, 'preview');
  await fits(page);
  await page.goto(draft);
  await shot(page, 'form');
  await page.getByRole('button', { name: '复制' }).click();
  await expect(page.locator('.flash')).toContainText('已复制为草稿');
  await page.getByRole('link', { name: '挑战日' }).click();
  await expect(page.locator('.next-step')).toContainText('至少要有 2 支代表队');
  await expect(page.locator('section[aria-labelledby=programme] li')).toHaveCount(4);

  const contest = newChallenge(NAMES);
  await page.goto(`/contests/${contest.id}/day/programme`);
  await fits(page);
  await page.getByRole('button', { name: '保存赛程' }).last().click();
  await expect(page.locator('.flash')).toContainText('赛程已保存');
  const name = db`select name from learner where phone = ${EDITOR}`[0].name;
  await page.getByRole('searchbox').fill(name);
  await page.getByRole('button', { name: '查找' }).click();
  await page.locator('form.row', { hasText: name }).getByRole('button', { name: '加入' }).first().click();
  await expect(page.locator('.next-step')).toContainText('可以抽签了');
  await page.goto(`/contests/${contest.id}/day/draw?form=knockout`);
  await fits(page);
  await page.getByRole('button', { name: '建成 2 场比赛' }).click();
  await expect(page.locator('.flash')).toContainText('已建成 2 场比赛');
  await fits(page);
  const [match] = matches(contest.id, 1);
  const result = JSON.stringify(match.teams.map((team: string) => [team, 100]));
  db`update live_match set begun_at = 1, finished_at = 2, result = ${result} where id = ${match.id}`;
  await page.goto(`/contests/${contest.id}/day`);
  await expect(page.locator('.tie')).toHaveCount(1);
  await fits(page);
  await page.goto(`/contests/${contest.id}`);
  await expect(page.getByRole('link', { name: '更改' })).toHaveAttribute('href', `/contests/${contest.id}/day/programme`);
  await fits(page);

  const hall = await browser.newContext(phone);
  const learner = await hall.newPage();
  await signIn(learner, contest.teams[0].captain);
  await learner.goto(`/contests/${contest.id}`);
  await expect(learner.locator('section[aria-labelledby=programme] li')).toHaveCount(4);
  await expect(learner.locator('section[aria-labelledby=bonus]')).toContainText('公布名次后记入');
  await expect(learner.getByRole('link', { name: '挑战日' })).toHaveCount(0);
  await expect(learner.getByRole('link', { name: '更改' })).toHaveCount(0);
  await shot(learner, 'contest');
  await fits(learner);
  await learner.getByRole('link', { name: '对阵与名次' }).click();
  await expect(learner.locator('.meeting')).toHaveCount(2);
  await fits(learner);
  for (const context of [desk, hall]) await context.close();
});
