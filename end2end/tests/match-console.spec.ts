// The host's console without a mouse, and what the big screen and spectators see of scores that differ.
import { ARTIFACTS, buzzer, choose, DESK, enter, goOn, HALL, happened, log, newMatch, next, stage, type Match } from './match-world';
import { ADMINISTRATOR, db, expect, newLearner, test, type Learner } from './world';
import type { Browser, Locator, Page } from '@playwright/test';

/** Somebody on the bench of the first team. */
function newSubstitute(match: Match) {
  const person = newLearner();
  const setup = JSON.parse(db`select setup from live_match where id = ${match.id}`[0].setup);
  setup.teams[0].substitutes.push(person.id);
  db`update live_match set setup = ${JSON.stringify(setup)} where id = ${match.id}`;
  db`insert into live_match_person (match_id, learner_id, leads) values (${match.id}, ${person.id}, false)`;
  return person;
}

/** Goes there by Tab, or by Shift and Tab; where one is can be seen. */
async function focus(page: Page, target: Locator, key = 'Tab') {
  for (let left = 60; left && !(await target.evaluate(e => e === document.activeElement)); left--) await page.keyboard.press(key);
  await expect(target).toBeFocused();
  await expect(target).toBeInViewport({ ratio: .5 });
  const seen = await target.evaluate(e => {
    const { outlineStyle, outlineWidth } = getComputedStyle(e);
    return e.matches(':focus-visible') && outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
  });
  expect(seen, 'the focus is seen').toBe(true);
}

const step = (host: Page, key: string) => host.locator(`.steps:visible [aria-keyshortcuts="${key}"]`);

/** Presses a key as soon as its step may be made. */
async function shortcut(host: Page, key: string) {
  await expect(step(host, key)).not.toHaveAttribute('aria-disabled');
  await host.keyboard.press(key);
}

/** Goes to the button of the next step, and presses it. */
async function onward(host: Page) {
  await expect(next(host)).toBeEnabled();
  await focus(host, next(host), 'Shift+Tab');
  await host.keyboard.press(' ');
}

const points = (page: Page) => page.locator('.dock:visible .own strong');
const show = (screen: Page, phase: string) => screen.locator(`.show[data-phase=${phase}]:visible`);
const seconds = async (page: Page) => {
  const [minutes, rest] = (await page.locator('.countdown:visible time').innerText()).split(':');
  return Number(minutes) * 60 + Number(rest);
};

test('a host leads by keyboard alone, and each step is in the log, on the record, on phones and on the big screen', async ({ browser, baseURL }) => {
  test.setTimeout(120_000);
  const second = newLearner(), match = newMatch(1, { hosts: [second] }), path = `/matches/${match.id}`;
  const [[captain], [rival]] = match.teams, substitute = newSubstitute(match);
  const leader = db`select name from learner where id = ${match.host}`[0].name;
  const screen = await enter(browser, baseURL, null, `${path}/screen`, HALL);
  const host = await enter(browser, baseURL, ADMINISTRATOR, `${path}/host`, DESK);
  const other = await enter(browser, baseURL, second, `${path}/host`, DESK);
  const [one, two, bench] = await Promise.all([captain, rival, substitute].map(who => enter(browser, baseURL, who, path)));
  await expect.poll(() => happened(match, 'joined').length, { timeout: 20_000 }).toBe(3);
  await expect(screen.locator('.show-foot:visible')).toContainText('2 / 2 人');

  let steps = 0, leads = { id: match.host, name: leader };
  const seat = (person: Learner, name: string) => host.locator('.seats:visible tr', { hasText: person.name }).getByRole('button', { name });
  const sure = (page: Page, name: string) => page.locator('dialog:visible').getByRole('button', { name });
  /** The step is the last of the log, on record with both hosts, and everyone is where it leads. */
  const made = async (event: unknown, words: string, phase: string, pages = [one, two, bench]) => {
    await expect.poll(() => log(match).at(-1)).toEqual({ number: expect.any(Number), at: expect.any(Number), by: { host: leads.id }, event });
    const numbers = log(match).map(e => e.number);
    expect(numbers).toEqual(numbers.map((_, place) => place + 1));
    steps += 1;
    for (const console of [host, other]) {
      const record = console.locator('.log:visible li');
      await expect(record).toHaveCount(steps);
      await expect(record.locator('data')).toHaveText(Array.from({ length: steps }, (_, place) => `${steps - place}`));
      await expect(record.first().locator('p')).toHaveText(`${words} ${leads.name}`);
      await expect(console.locator(`.host[data-phase=${phase}]:visible`)).toBeVisible();
    }
    for (const page of pages) await expect(stage(page)).toHaveAttribute('data-phase', phase);
    await expect(show(screen, phase)).toBeVisible();
  };

  await focus(host, seat(rival, '重置席位'));
  await host.keyboard.press('Enter');
  await focus(host, sure(host, '重置席位'));
  await host.keyboard.press('Enter');
  await made({ 'put-back': { seat: rival.id } }, `重置 ${rival.name} 的席位`, 'lobby', [one, bench]);
  await expect(stage(two)).toHaveAttribute('data-phase', 'taken-over');
  await expect(screen.locator('.show-foot:visible')).toContainText('1 / 2 人');
  await expect(one.locator('.row-figure:visible')).toHaveText('已到 1 / 2 队');
  await two.getByRole('button', { name: '改用这台设备' }).click();
  await expect.poll(() => happened(match, 'joined').length).toBe(4);
  await expect(screen.locator('.show-foot:visible')).toContainText('2 / 2 人');

  await onward(host);
  await made('started', '开始点名', 'ready');
  for (const page of [one, two]) await page.getByRole('button', { name: '准备好了' }).click();
  await expect(show(screen, 'ready')).toContainText('已就绪 2 / 2 人');

  await focus(host, seat(substitute, '换上'));
  await host.keyboard.press(' ');
  await focus(host, sure(host, captain.name));
  await host.keyboard.press(' ');
  await made({ substituted: { leaves: captain.id, enters: substitute.id } }, `${substitute.name} 替换 ${captain.name} 上场`, 'ready');
  await expect(show(screen, 'ready')).toContainText('已就绪 1 / 2 人');
  await expect(bench.getByRole('button', { name: '准备好了' })).toBeVisible();

  await onward(host);
  await made({ opened: { question: 0 } }, '打开第 1 题', 'open');
  await expect(one.locator('.match:visible')).toContainText('您是替补');
  await expect(one.locator('.tile:visible')).toHaveCount(0);
  await choose(bench, match.questions[0]);
  await choose(two, match.questions[0], false);
  await expect.poll(() => happened(match, 'answered').length).toBe(2);

  await shortcut(host, 'p');
  await made('paused', '暂停', 'open');
  for (const page of [one, two, bench]) await expect(page.locator('.flash:visible')).toContainText('比赛暂停');
  const left = await seconds(two);
  await expect(show(screen, 'open')).toContainText(`计时停在 ${left} 秒`);
  await shortcut(host, '+');
  await made({ 'clock-moved': { by_ms: 10_000 } }, '计时加 10 秒', 'open');
  for (const page of [two, screen, host]) await expect.poll(() => seconds(page)).toBe(left + 10);
  await expect(show(screen, 'open')).toContainText(`计时停在 ${left + 10} 秒`);
  await focus(host, step(host, '-'));
  await host.keyboard.press('Enter');
  await made({ 'clock-moved': { by_ms: -10_000 } }, '计时减 10 秒', 'open');
  for (const page of [two, screen, host]) await expect.poll(() => seconds(page)).toBe(left);
  await shortcut(host, 'p');
  await made('resumed', '继续', 'open');
  for (const page of [one, two, bench]) await expect(page.locator('.flash:visible')).toHaveCount(0);
  await expect.poll(() => seconds(two)).toBeLessThan(left);
  await expect(screen.locator('.tile:visible')).not.toHaveCount(0);

  await focus(host, step(host, 'l'), 'Shift+Tab');
  await host.keyboard.press('Enter');
  await made({ locked: { answered: [1, 1] } }, '锁定第 1 题', 'locked');

  const revealed = { revealed: { key: expect.anything(), right: [1, 0], points: [100, 0] } };
  await shortcut(host, 'r');
  await made(revealed, '公布第 1 题', 'reveal');
  await expect(bench.locator('.verdict:visible')).toContainText('答对了');
  await expect(points(bench)).toHaveText('10');
  await expect(points(two)).toHaveText('0');
  await expect(screen.locator('.entries:visible .count')).toHaveText(['+10 分', '0 分']);
  await shortcut(host, 'z');
  await made('undone', '撤销：公布第 1 题', 'locked');
  await expect(host.locator('.log:visible li').nth(1)).toHaveAttribute('data-undone');
  await expect(bench.locator('.verdict:visible')).toHaveCount(0);
  await expect(points(bench)).toHaveText('0');
  await expect(screen.locator('.tile[data-state]:visible')).toHaveCount(0);
  await shortcut(host, 'y');
  await made('redone', '重做：公布第 1 题', 'reveal');
  await expect(host.locator('.log:visible li[data-undone]')).toHaveCount(0);
  await expect(points(bench)).toHaveText('10');
  await expect(screen.locator('.tile[data-state=right]:visible')).not.toHaveCount(0);

  await shortcut(host, 'v');
  await expect(host.locator('dialog:visible')).toContainText('作废第 1 题？');
  await host.keyboard.press('Escape');
  await expect(host.locator('dialog:visible')).toHaveCount(0);
  expect(happened(match, 'voided')).toEqual([]);
  await focus(host, step(host, 'v'));
  await host.keyboard.press('Enter');
  await focus(host, sure(host, '作废第 1 题'));
  await host.keyboard.press('Enter');
  await made({ voided: { question: 0, points: [100, 0] } }, '作废第 1 题', 'reveal');
  await expect(bench.locator('.stage-state:visible .chip')).toContainText('本题作废');
  await expect(points(bench)).toHaveText('0');
  await expect(show(screen, 'reveal')).toContainText('第 1 题作废');

  await shortcut(host, 'b');
  await made('scoreboard-shown', '显示记分牌，此前的步骤已定', 'scoreboard');
  await expect(screen.locator('.standings:visible strong')).toHaveText(['0', '0']);
  await expect(screen.locator('.standings:visible .rank')).toHaveText(['1', '1']);
  await expect(step(host, 'z')).toHaveAttribute('aria-disabled', 'true');
  await onward(host);
  await made({ opened: { question: 1 } }, '打开第 1 题', 'open');
  await expect(bench.locator('.press:visible')).toBeVisible();
  await expect(one.locator('.press:visible')).toHaveCount(0);

  await expect(next(other)).toHaveCount(0);
  await shortcut(host, 'h');
  await focus(host, sure(host, second.name));
  await host.keyboard.press('Enter');
  await made({ 'handed-over': { to: second.id } }, `移交主持给 ${second.name}`, 'open');
  await expect(host.locator('.host-state:visible .flash')).toContainText(`现在由 ${second.name} 主持`);
  leads = second;
  await host.keyboard.press('l');
  await host.keyboard.press(' ');
  await shortcut(other, 'l');
  await made({ locked: { answered: [0, 0] } }, '锁定第 1 题', 'locked');
  await expect(next(other)).toBeEnabled();
  await other.keyboard.press(' '); // from nowhere in particular: the shortcut
  await made({ revealed: { key: expect.anything(), right: [0, 0], points: [0, 0] } }, '公布第 1 题', 'reveal');
  await expect(host.locator('[role=alert]:visible')).toHaveCount(0);
  for (const page of [host, other, screen, one, two, bench]) await page.context().close();
});

test('the next step keeps the focus: Enter after Enter leads through a question', async ({ browser, baseURL }) => {
  const match = newMatch(1);
  const host = await enter(browser, baseURL, ADMINISTRATOR, `/matches/${match.id}/host`, DESK);
  await expect(host.locator('.host-state:visible')).toContainText('已连接'); // what the server drew is gone, with any focus
  await focus(host, next(host));
  for (const phase of ['ready', 'open', 'locked', 'reveal', 'scoreboard']) {
    await expect(next(host)).toBeEnabled();
    await host.keyboard.press('Enter');
    await expect(host.locator(`.host[data-phase=${phase}]:visible`)).toBeVisible();
    await expect(next(host)).toBeFocused();
  }
  await host.context().close();
});

test('who scrolls the seats or the record by keyboard keeps the place while players act', async ({ browser, baseURL }) => {
  const match = newMatch(1), path = `/matches/${match.id}`;
  const host = await enter(browser, baseURL, ADMINISTRATOR, `${path}/host`, DESK);
  const pages = await players(browser, baseURL, match);
  await expect.poll(() => happened(match, 'joined').length).toBe(2);
  await onward(host);
  for (const [n, region] of ['.table-wrap', '.log'].entries()) {
    const target = host.locator(`${region}:visible`);
    await focus(host, target);
    await pages[n].getByRole('button', { name: '准备好了' }).click();
    await expect(host.locator('.host-state:visible')).toContainText(`已就绪 ${n + 1} / 2 人`);
    await expect(target).toBeFocused();
  }
  for (const page of [host, ...pages]) await page.context().close();
});

test('a seat is found by name or by team, and what is typed stays while players act', async ({ browser, baseURL }) => {
  const match = newMatch(1), path = `/matches/${match.id}`;
  const host = await enter(browser, baseURL, ADMINISTRATOR, `${path}/host`, DESK);
  await expect(host.locator('.host-state:visible')).toContainText('已连接');
  const field = host.locator('.host-find:visible input'), rows = host.locator('.seats:visible tbody tr');
  await expect(rows).toHaveCount(4); // two teams with their members
  await focus(host, field);
  await host.keyboard.type('第2代表');
  await expect(rows).toHaveCount(2);
  const pages = await players(browser, baseURL, match);
  await expect.poll(() => happened(match, 'joined').length).toBe(2);
  await expect(host.locator('.host-state:visible')).toContainText('2 / 2 人');
  await expect(field).toBeFocused();
  await host.keyboard.type('队');
  await expect(field).toHaveValue('第2代表队');
  await expect(rows).toHaveCount(2);
  await field.fill(match.teams[0][0].name);
  await expect(rows.filter({ hasText: match.teams[0][0].name })).toHaveCount(1);
  await field.fill('没有这个人');
  await expect(rows).toHaveCount(0);
  await expect(host.locator('.host-find:visible [role=status]')).toContainText('没有查到');
  for (const page of [host, ...pages]) await page.context().close();
});

test('a question found wrong after the next one was opened is voided by keyboard', async ({ browser, baseURL }) => {
  const match = newMatch(1), dialog = (host: Page) => host.locator('dialog:visible');
  const host = await enter(browser, baseURL, ADMINISTRATOR, `/matches/${match.id}/host`, DESK);
  await expect(host.locator('.host-state:visible')).toContainText('已连接');
  for (const phase of ['ready', 'open', 'locked', 'reveal', 'scoreboard', 'open', 'locked']) {
    await goOn(host);
    await expect(host.locator(`.host[data-phase=${phase}]:visible`)).toBeVisible();
  }
  await shortcut(host, 'x');
  await expect(dialog(host)).toContainText('作废哪一题？');
  const { stem } = db`select stem from question where id = ${match.questions[0]}`[0];
  const which = dialog(host).getByRole('button', { name: '第 1 轮 必答，第 1 题' });
  await expect(which).toContainText(stem.slice(0, 10));
  await expect(dialog(host).getByRole('button')).toHaveCount(3); // both questions, and back
  await focus(host, which);
  await host.keyboard.press('Enter');
  await expect(dialog(host)).toContainText('作废第 1 题？');
  await focus(host, dialog(host).getByRole('button', { name: '作废第 1 题' }));
  await host.keyboard.press('Enter');
  await expect(dialog(host)).toHaveCount(0);
  await expect.poll(() => happened(match, 'voided')).toEqual([{ voided: { question: 0, points: [0, 0] } }]);
  await host.context().close();
});

test('the header of the big screen stands still when the clock comes', async ({ browser, baseURL }) => {
  const match = newMatch(1), path = `/matches/${match.id}`;
  const screen = await enter(browser, baseURL, null, `${path}/screen`, HALL);
  const host = await enter(browser, baseURL, ADMINISTRATOR, `${path}/host`, DESK);
  const head = async () => Promise.all(['h1', '.show-round'].map(async part => (await screen.locator(`.show-head:visible ${part}`).boundingBox())!.y));
  await goOn(host);
  await expect(show(screen, 'ready')).toBeVisible();
  const before = await head();
  await goOn(host);
  await expect(screen.locator('.show-head:visible .countdown')).toBeVisible();
  for (const [n, y] of (await head()).entries()) expect(Math.abs(y - before[n])).toBeLessThan(1);
  for (const page of [screen, host]) await page.context().close();
});

test('a seat’s button is seen as a whole', async ({ browser, baseURL }) => {
  const match = newMatch(1), path = `/matches/${match.id}`;
  const host = await enter(browser, baseURL, ADMINISTRATOR, `${path}/host`, DESK);
  const one = await enter(browser, baseURL, match.teams[0][0], path);
  const button = host.getByRole('button', { name: '重置席位' });
  await focus(host, button);
  await expect(button).toBeInViewport({ ratio: 1 });
  for (const page of [host, one]) await page.context().close();
});

/** A required question that the first team alone answers rightly, its scoreboard, and the question for the buzzer. */
async function toBuzzer(match: Match, host: Page, right: Page, wrong: Page) {
  const pages = [right, wrong];
  await expect.poll(() => happened(match, 'joined').length, { timeout: 20_000 }).toBe(2);
  for (const phase of ['ready', 'open', 'locked', 'reveal', 'scoreboard']) {
    await goOn(host);
    for (const page of pages) await expect(stage(page)).toHaveAttribute('data-phase', phase);
    if (phase !== 'open') continue;
    for (const page of pages) await choose(page, match.questions[0], page === right);
    await expect.poll(() => happened(match, 'answered').length).toBe(2);
  }
}

/** Both teams press, the second one some 300 ms after the first; how many milliseconds it was on their phones. */
async function buzz(host: Page, first: Page, second: Page) {
  await goOn(host);
  const taps = await Promise.all([first, second].map(buzzer));
  for (const page of [first, second]) await page.evaluate(() => addEventListener('pointerdown', () => { document.body.dataset.pressed = `${performance.timeOrigin + performance.now()}`; }, { capture: true }));
  await Promise.all([taps[0](), second.waitForTimeout(250).then(taps[1])]);
  const at = (page: Page) => page.evaluate(() => Number(document.body.dataset.pressed));
  return (await at(second)) - (await at(first));
}

/** The order of presses that the log has, as a page is to write it; it is what the phones say themselves. */
async function written(match: Match, apart: number) {
  await expect.poll(() => happened(match, 'buzzer-judged').length).toBe(1);
  const [first, later] = happened(match, 'buzzer-judged')[0]['buzzer-judged'].order;
  expect([first, later].map(place => [place.seat, place.rank, place.tied])).toEqual([[match.teams[0][0].id, 1, false], [match.teams[1][0].id, 2, false]]);
  expect(Math.abs(later.margin / 1000 - apart)).toBeLessThan(50 + later.margin_uncertainty / 1000);
  return ['最先', `晚 ${Math.round(later.margin / 1000)} 毫秒 ± ${Math.round(later.margin_uncertainty / 1000)} 毫秒`];
}

async function ordered(page: Page, match: Match, margins: string[], turns: (string | null)[], said: string[]) {
  const rows = page.locator('.order:visible li'), names = ['第1代表队', '第2代表队'];
  await expect(rows.locator('.margin')).toHaveText(margins);
  await expect(rows.locator('.rank')).toHaveText(['1', '2']);
  await expect(rows.locator('.team')).toHaveText(names.map((name, n) => `${name} ${match.teams[n][0].name}${said[n]}`));
  for (const [n, turn] of turns.entries()) {
    if (turn) await expect(rows.nth(n)).toHaveAttribute('data-turn', turn);
    else await expect(rows.nth(n)).not.toHaveAttribute('data-turn');
  }
}

const standings = (page: Page) => page.locator('.standings:visible li').evaluateAll(rows => rows.map(row => {
  const text = (part: string) => row.querySelector(part)?.textContent?.trim();
  return [text('.rank'), text('.team'), text('strong'), text('.move [aria-hidden]')].join(' ').trim();
}));

async function players(browser: Browser, baseURL: string | undefined, match: Match) {
  const path = `/matches/${match.id}`;
  return Promise.all([match.teams[0][0], match.teams[1][0]].map(who => enter(browser, baseURL, who, path)));
}

test('the big screen shows who pressed first and by how much, and the true scores, ranks and moves, as does one opened late', async ({ browser, baseURL }) => {
  test.setTimeout(90_000);
  const match = newMatch(1), path = `/matches/${match.id}`;
  const host = await enter(browser, baseURL, ADMINISTRATOR, `${path}/host`, DESK);
  const early = await enter(browser, baseURL, null, `${path}/screen`, HALL);
  const [one, two] = await players(browser, baseURL, match);
  /** What is on the screen, the clock aside, and nothing is beside it. */
  const shown = async (screen: Page) => {
    const { width, height } = await screen.evaluate(() => ({ width: document.documentElement.scrollWidth, height: document.documentElement.scrollHeight }));
    expect({ width, height }).toEqual({ width: 1920, height: 1080 });
    return screen.locator('.show:visible').evaluate(show => [...show.children].map(part => (part.querySelector('.show-round') ?? part as any).innerText).join('\n'));
  };
  const late = async (phase: string) => {
    const screen = await enter(browser, baseURL, null, `${path}/screen`, HALL);
    await expect(show(screen, phase)).toBeVisible();
    await expect(screen.locator('.first-view')).toHaveCount(0);
    await expect.poll(() => shown(screen)).toBe(await shown(early));
    return screen;
  };

  await toBuzzer(match, host, one, two);
  // A team of one that is right has all ten points; there was no scoreboard to move from.
  await expect.poll(() => standings(early)).toEqual(['1 第1代表队 10', '2 第2代表队 0']);

  const margins = await written(match, await buzz(host, one, two));
  const screens = [early, await late('floor')];
  await early.screenshot({ path: `${ARTIFACTS}/match-screen-order.png` });
  for (const screen of screens) await ordered(screen, match, margins, ['now', null], ['，正在作答', '']);

  await choose(one, match.questions[1], false);
  await one.getByRole('button', { name: '提交答案' }).click();
  for (const screen of screens) await ordered(screen, match, margins, ['wrong', 'now'], ['，答错', '，正在作答']);
  await choose(two, match.questions[1]);
  await two.getByRole('button', { name: '提交答案' }).click();
  await expect(show(early, 'locked')).toBeVisible();
  for (const screen of screens) await ordered(screen, match, margins, ['wrong', 'right'], ['，答错', '，答对']);
  expect(happened(match, 'turned').map(e => e.turned.verdict)).toEqual(['wrong', 'right']);

  await goOn(host);
  for (const screen of screens) await expect(screen.locator('.entries:visible .count')).toHaveText(['−5 分', '+10 分']);
  await early.waitForFunction(() => document.getAnimations().every(a => a.playState === 'finished'));
  await early.screenshot({ path: `${ARTIFACTS}/match-screen-gains.png` });
  await goOn(host);
  screens.push(await late('scoreboard'));
  // 10 − 5 and 0 + 10: the second team goes past the first.
  for (const screen of screens) await expect.poll(() => standings(screen)).toEqual(['1 第2代表队 10 ▲1', '2 第1代表队 5 ▼1']);
  for (const [page, total] of [[one, '5'], [two, '10']] as const) await expect(points(page)).toHaveText(total);
  await early.screenshot({ path: `${ARTIFACTS}/match-screen-scores.png` });
  for (const page of [host, one, two, ...screens]) await page.context().close();
});

test('a spectator’s phone shows the order of presses and its margin as the big screen does', async ({ browser, baseURL }) => {
  test.setTimeout(60_000);
  const match = newMatch(1), path = `/matches/${match.id}`;
  const host = await enter(browser, baseURL, ADMINISTRATOR, `${path}/host`, DESK);
  const screen = await enter(browser, baseURL, null, `${path}/screen`, HALL);
  const watch = await enter(browser, baseURL, null, `${path}/watch`);
  expect(watch.viewportSize()!.width).toBe(390);
  const [one, two] = await players(browser, baseURL, match);
  await toBuzzer(match, host, one, two);
  const margins = await written(match, await buzz(host, one, two));
  for (const page of [screen, watch]) await ordered(page, match, margins, ['now', null], ['，正在作答', '']);
  const rows = (page: Page) => page.locator('.order:visible li').allInnerTexts().then(all => all.map(row => row.split(/\s+/).join(' ')));
  expect(await rows(watch)).toEqual(await rows(screen));
  for (const row of await watch.locator('.order:visible li :is(.rank, .team, .margin)').all()) {
    const box = (await row.boundingBox())!;
    expect(box.x).toBeGreaterThanOrEqual(0);
    expect(box.x + box.width).toBeLessThanOrEqual(390);
  }
  expect(await watch.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  expect(await standings(watch)).toEqual(['1 第1代表队 10', '2 第2代表队 0']);
  await watch.screenshot({ path: `${ARTIFACTS}/match-watch-order.png` });
  for (const page of [host, screen, watch, one, two]) await page.context().close();
});
