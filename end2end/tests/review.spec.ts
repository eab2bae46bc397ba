// After a contest closes: objections and their answers, rulings by dry run, the line, results final, the record.
import AxeBuilder from '@axe-core/playwright';
import { db, EDITOR, expect, freshId, key, newContest, newLearner, signIn, test, type Contest, type Learner } from './world';
import type { Browser, Page } from '@playwright/test';

const LIAISON = '13800000010'; // leads a unit, and is no editor
const settled = (page: Page) => page.waitForTimeout(350);
const act = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const posted = (contest: Contest) => db`select posted_at from contest where id = ${contest.id}`[0].posted_at;

async function picture(page: Page, name: string) {
  await settled(page);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width: 390, height: Math.min(height + 140, 4000) });
  await page.screenshot({ path: `artifacts/review-${name}.png` });
  await page.setViewportSize({ width: 390, height: 844 });
}

/** Nothing is wider than the phone, what is touched is large enough, axe finds no fault. */
async function fits(page: Page) {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  const small = await page.locator('main :is(button, a.button, .ticks label, main input:not([type=checkbox], [type=radio], [type=hidden])):visible')
    .evaluateAll(all => all.filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 120)));
  expect(small).toEqual([]);
  await settled(page);
  await page.setViewportSize({ width: 390, height: await page.evaluate(() => document.documentElement.scrollHeight + 200) });
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
  expect(violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}`))).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
}

interface Played { learner: Learner; attempt: string }

/** Takes part by the form alone: the questions of `wrong` are answered wrongly, all others rightly. Hands in. */
async function plays(browser: Browser, baseURL: string, contest: Contest, wrong: string[] | 'all'): Promise<Played> {
  const learner = newLearner();
  const context = await browser.newContext({ baseURL, javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, learner);
  await page.goto(`/contests/${contest.id}`);
  await page.locator(`form[action="/contests/${contest.id}/attempts"] button`).click();
  await expect(page).toHaveURL(/\/attempts\//);
  const attempt = page.url().split('/').pop()!;
  const paper: { question: string; order: number[] }[] = JSON.parse(db`select paper from contest_attempt where id = ${attempt}`[0].paper);
  const fields = new URLSearchParams({ do: 'submit' });
  for (const [place, item] of paper.entries()) {
    const rightly = wrong !== 'all' && !wrong.includes(item.question);
    const right = key(item.question);
    if ('words' in right) fields.append(`q${place}`, rightly ? right.words[0] : '不知道');
    else {
      const places = item.order.flatMap((option, at) => (right.choices.includes(option) ? [at] : []));
      const others = item.order.flatMap((option, at) => (right.choices.includes(option) ? [] : [at]));
      for (const at of rightly ? places : others.length ? others.slice(0, 1) : places.slice(0, 1)) fields.append(`q${place}`, String(at));
    }
  }
  const sent = await page.request.post(page.url(), {
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: baseURL }, data: fields.toString(), maxRedirects: 0,
  });
  expect(sent.status()).toBe(303);
  await context.close();
  return { learner, attempt };
}

/** The questions of an attempt, in its order. */
const paperOf = (attempt: string): string[] => JSON.parse(db`select paper from contest_attempt where id = ${attempt}`[0].paper).map((i: any) => i.question);

/** Everyone has the same paper, so that one question can be wrong for one and right for another. */
const RULES = { questions: 3, minutes: 5, papers: 'same', line: { rank: 1 } };

/** Closes a contest and waits for its credits. */
async function close(contest: Contest) {
  db`update contest set closes_at = ${Date.now() - 60_000} where id = ${contest.id}`;
  await expect.poll(() => posted(contest), { timeout: 15_000 }).not.toBeNull();
}

/** Waits until a correction of a contest is carried out. */
const corrected = (contest: Contest, number: number) =>
  expect.poll(() => db`select done_at from contest_correction where contest_id = ${contest.id} and number = ${number}`[0]?.done_at ?? null, { timeout: 15_000 }).not.toBeNull();

/** Lets somebody have taken a minute longer. */
function slower({ attempt }: Played) {
  db`update contest_attempt set started_at = started_at - 60000, time_ms = time_ms + 60000 where id = ${attempt}`;
  db`update contest_standing set time_ms = time_ms + 60000 where attempt_id = ${attempt}`;
}

const credits = (learner: Learner) => db`select coalesce(sum(amount), 0) as n from credit_entry where learner_id = ${learner.id} and source = 'contest'`[0].n;
const points = (learner: Learner) => db`select points from contest_standing where learner_id = ${learner.id}`[0].points;

test('an objection is answered, a question is voided after a dry run, and ranks and credits follow on record', async ({ page, browser, baseURL }) => {
  test.setTimeout(180_000);
  const contest = newContest(RULES);
  const first = await plays(browser, baseURL!, contest, []);
  const [question] = paperOf(first.attempt);
  const second = await plays(browser, baseURL!, contest, [question]);
  const third = await plays(browser, baseURL!, contest, 'all');
  // The first took a minute longer, which counts once the points are the same.
  slower(first);
  await close(contest);
  expect([credits(first.learner), credits(second.learner), credits(third.learner)]).toEqual([35, 5, 5]);

  // The learner who had it wrong objects from their own sheet; a second press is the same objection.
  await signIn(page, second.learner);
  await page.goto(`/contests/${contest.id}`);
  await expect(page.locator('main')).toContainText('结果待定');
  await page.goto(`/contests/${contest.id}/attempts/${second.attempt}`);
  await picture(page, 'sheet');
  const place = paperOf(second.attempt).indexOf(question);
  await page.getByRole('link', { name: '这道题有问题' }).nth(place).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('这道题有问题');
  await fits(page);
  await page.locator('#words').fill('法条的表述与选项不一致。');
  await picture(page, 'object');
  await act(page, '提交异议').dblclick();
  await expect(page).toHaveURL('/me/objections');
  await expect(page.locator('.objections > li')).toHaveCount(1);
  await expect(page.locator('.objections')).toContainText('异议待答复');
  expect(db`select count(*) as n from contest_objection where contest_id = ${contest.id}`[0].n).toBe(1);
  await page.goto(`/contests/${contest.id}/attempts/${second.attempt}`);
  await expect(page.locator('.review > li').nth(place)).toContainText('异议待答复');

  // The editor comes from the contest, sees what waits first, and answers.
  const desk = await (await browser.newContext({ baseURL, viewport: { width: 390, height: 844 } })).newPage();
  await signIn(desk, EDITOR);
  await desk.goto(`/admin/contests/${contest.id}`);
  await desk.getByRole('link', { name: '赛后复核' }).click();
  await expect(desk.locator('main')).toContainText('1 条异议待答复');
  await expect(desk.locator('#questions').locator('xpath=ancestor::section').locator('.row').first()).toContainText('待答 1');
  await fits(desk);
  await picture(desk, 'desk');
  // Final with an objection unanswered needs a reason.
  await desk.locator('#final-reason').evaluate(e => e.removeAttribute('required'));
  await act(desk, '宣布结果定稿').click();
  await expect(desk.locator('.flash')).toContainText('还有异议没有答复');
  await desk.locator('.rows .row').first().click();
  await expect(desk.locator('.objections')).toContainText('法条的表述与选项不一致。');
  expect(await desk.content(), 'an objection is without a name').not.toContain(second.learner.name);
  await fits(desk);
  await picture(desk, 'question');
  await desk.locator('#reply').fill('核实有误，本题作废。');
  await act(desk, '发送答复').click();
  await expect(desk.locator('.flash')).toContainText('已答复 1 条异议');

  // A ruling without a choice is refused; with one it is tried first, and nothing is written.
  await desk.goto(`/admin/contests/${contest.id}/review/dry-run?question=${encodeURIComponent(question)}`);
  await expect(desk.locator('.flash')).toContainText('请先选怎么处理');
  await desk.locator('label.option', { hasText: '作废' }).click();
  await act(desk, '试算影响').click();
  await expect(desk.getByRole('heading', { level: 1 })).toHaveText('试算');
  await expect(desk.locator('.table')).toContainText(second.learner.name);
  await expect(desk.locator('.table tbody tr').filter({ hasText: second.learner.name })).toContainText('2 → 1');
  await fits(desk);
  await picture(desk, 'dry-run');
  expect(db`select count(*) as n from contest_correction where contest_id = ${contest.id}`[0].n).toBe(0);
  await desk.locator('#reason').fill('题干与法条不符');
  const dryRun = desk.url();
  await act(desk, /确认更正/).dblclick();
  await expect(desk).toHaveURL(/\/review#record$/);
  await expect(desk.locator('.timeline')).toContainText('更正 1：本题作废');
  await expect(desk.locator('.timeline')).toContainText('由 ');
  expect(db`select count(*) as n from contest_correction where contest_id = ${contest.id}`[0].n).toBe(1);
  await corrected(contest, 1);

  // Nobody has points from the question any more, and the ledger got entries that say why.
  expect(points(second.learner)).toBe(points(first.learner));
  expect(points(third.learner)).toBe(0);
  expect([credits(first.learner), credits(second.learner), credits(third.learner)]).toEqual([5, 35, 5]);
  const entries = db`select reason, amount, detail from credit_entry where event_id like ${`contest:${contest.id}:%correction-1`}`;
  expect(entries.map(e => e.amount).sort()).toEqual([-30, 30]);
  expect(entries.every(e => e.reason === 'contest-rank-corrected' && e.detail.startsWith('题干与法条不符#'))).toBe(true);
  // The same ruling again is refused, and says so.
  await desk.goto(dryRun);
  await expect(desk.locator('.flash')).toContainText('已经这样处理过');

  // The line moves on record; results become final; the same in the public record, without a name.
  await desk.goto(`/admin/contests/${contest.id}/review`);
  await desk.locator('#at').fill('2');
  await desk.locator('#line-reason').fill('增加一个名额');
  await act(desk, '移动晋级线').click();
  await expect(desk.locator('.flash')).toContainText('晋级线已移动');
  await act(desk, '宣布结果定稿').click();
  await expect(desk.locator('.flash')).toContainText('结果已定稿');
  await desk.reload();
  await picture(desk, 'record');
  await desk.goto(`/admin/contests/${contest.id}/final`);
  await expect(desk.locator('main')).toContainText('第 2 名');
  await desk.context().close();

  // The learner reads the answer at the question and in the list, and what moved.
  await page.goto('/me/objections');
  await expect(page.locator('.objections')).toContainText('核实有误，本题作废。');
  await fits(page);
  await picture(page, 'answered');
  await page.goto(`/contests/${contest.id}/attempts/${second.attempt}`);
  await expect(page.locator('.review > li').nth(place)).toContainText('本题作废，不计分');
  await picture(page, 'noted');
  await page.goto(`/contests/${contest.id}`);
  await expect(page.locator('main')).toContainText('定稿');
  await page.getByRole('link', { name: '查看复核记录' }).click();
  await expect(page.locator('.timeline')).toContainText('晋级线由第 1 名移到第 2 名');
  await expect(page.locator('.timeline')).toContainText('理由：题干与法条不符');
  await expect(page.locator('.timeline')).not.toContainText('由 编辑');
  await expect(page.locator('main')).toContainText('与我有关的更正');
  await fits(page);
  await picture(page, 'public');
  await page.goto('/me/credits');
  await expect(page.locator('main')).toContainText('名次更正：题干与法条不符');
});

test('a ruling is taken back by a dry run of its own, and what was seen must still hold', async ({ page, browser, baseURL }) => {
  test.setTimeout(120_000);
  const contest = newContest(RULES);
  const first = await plays(browser, baseURL!, contest, []);
  const [question] = paperOf(first.attempt);
  const second = await plays(browser, baseURL!, contest, [question]);
  await close(contest);
  const before = [points(first.learner), points(second.learner)];
  await signIn(page, EDITOR);
  await page.goto(`/admin/contests/${contest.id}/review/dry-run?question=${encodeURIComponent(question)}&ruling=full-marks`);
  await page.locator('#reason').fill('选项都对');
  // A second window decides in the meantime: this one is told.
  const other = await page.context().newPage();
  await other.goto(`/admin/contests/${contest.id}/review/dry-run?question=${encodeURIComponent(question)}&ruling=void`);
  await other.locator('#reason').fill('作废');
  await act(other, /确认更正/).click();
  await expect(other).toHaveURL(/#record$/);
  await corrected(contest, 1);
  await act(page, /确认更正/).click();
  await expect(page.locator('.flash')).toContainText('请看过新的试算再确认');
  expect(db`select count(*) as n from contest_correction where contest_id = ${contest.id}`[0].n).toBe(1);
  await other.reload();
  await other.getByRole('link', { name: '试算撤回' }).click();
  await expect(other.locator('main')).toContainText('撤回第 1 次更正');
  await other.locator('#reason').fill('作废有误');
  await act(other, /确认更正/).click();
  await corrected(contest, 2);
  expect([points(first.learner), points(second.learner)]).toEqual(before);
});

test('a ruling that moves more than a hundred names each of them, page by page, and moves each', async ({ page, browser, baseURL }) => {
  test.setTimeout(120_000);
  const contest = newContest(RULES);
  const scout = await plays(browser, baseURL!, contest, []);
  const [question] = paperOf(scout.attempt);
  // Slower than the others, which counts once the points are the same.
  slower(scout);
  const { learner: first, attempt } = await plays(browser, baseURL!, contest, [question]);
  // As many others gave the same answers, one of them wrong.
  const all = [first, ...Array.from({ length: 119 }, () => newLearner())];
  for (const { id } of all.slice(1)) {
    const own = freshId();
    db`insert into contest_attempt (id, contest_id, learner_id, unit_id, number, purpose, seed, paper, started_at, deadline_at, submitted_at, answered, points, time_ms)
       select ${own}, contest_id, ${id}, unit_id, number, purpose, seed, paper, started_at, deadline_at, submitted_at, answered, points, time_ms from contest_attempt where id = ${attempt}`;
    db`insert into contest_answer (attempt_id, question_id, revision, event_id, answer, is_right, received_at)
       select ${own}, question_id, revision, ${freshId()}, answer, is_right, received_at from contest_answer where attempt_id = ${attempt}`;
    db`insert into contest_standing (contest_id, learner_id, unit_id, prefecture_id, county_id, attempt_id, answered, points, time_ms, changed_at)
       select contest_id, ${id}, unit_id, prefecture_id, county_id, ${own}, answered, points, time_ms, changed_at from contest_standing where attempt_id = ${attempt}`;
  }
  await close(contest);
  const before = points(first);
  await signIn(page, EDITOR);
  await page.goto(`/admin/contests/${contest.id}/review/dry-run?question=${encodeURIComponent(question)}&ruling=void`);
  await expect(page.locator('.pagination')).toContainText('121');
  const rows = page.locator('.table tbody tr'), named: string[] = [];
  const read = async (count: number) => {
    await expect(rows).toHaveCount(count);
    named.push(...(await rows.allInnerTexts()).map(text => text.match(/学员\d+/)![0]));
  };
  await read(100);
  await fits(page);
  await page.locator('.pagination a[rel=next]').click();
  await read(21);
  await fits(page);
  await picture(page, 'dry-run-last-page');
  // Also the one who had it right, and is the first no longer.
  expect(named.sort()).toEqual([scout.learner, ...all].map(who => who.name).sort());
  await page.locator('#reason').fill('题干与法条不符');
  await act(page, '确认更正，121 人变动').click();
  await expect(page).toHaveURL(/#record$/);
  await corrected(contest, 1);
  const moved = db`select count(*) as n, min(points) as least, max(points) as most from contest_standing where contest_id = ${contest.id}`[0];
  expect(moved).toMatchObject({ n: 121, least: moved.most });
  expect(moved.most).toBeGreaterThan(before);
});

test('who is no editor of the contest reviews nothing, and nobody objects on the sheet of another', async ({ page, browser, baseURL }) => {
  test.setTimeout(120_000);
  const contest = newContest(RULES);
  const one = await plays(browser, baseURL!, contest, 'all');
  await close(contest);
  const [question] = paperOf(one.attempt);
  const review = `/admin/contests/${contest.id}/review`;
  const reads = [review, `${review}/questions/${question}`, `${review}/dry-run?question=${question}&ruling=void`];
  const writes: [string, Record<string, string>][] = [
    [`${review}/questions/${question}/reply`, { event: freshId(), words: '答' }],
    [`${review}/dry-run`, { event: freshId(), seen: 'x', question, ruling: 'void', reason: '因' }],
    [`${review}/line`, { event: freshId(), by: 'rank', at: '9', reason: '因' }],
    [`${review}/final`, { event: freshId(), reason: '因' }],
    [`${review}/reopen`, { event: freshId(), reason: '因' }],
  ];
  const headers = { origin: baseURL! };
  const stranger = newLearner();
  for (const account of [stranger, LIAISON]) {
    const context = await browser.newContext({ baseURL });
    const other = await context.newPage();
    await signIn(other, account as Learner);
    for (const path of reads) expect((await other.request.get(path)).status(), path).toBe(403);
    for (const [path, form] of writes) expect((await other.request.post(path, { headers, form, maxRedirects: 0 })).status(), path).toBe(403);
    const sheet = `/contests/${contest.id}/attempts/${one.attempt}/objections/1`;
    expect((await other.request.get(sheet)).status()).toBe(404);
    expect((await other.request.post(sheet, { headers, form: { event: freshId(), ground: 'other', words: '错' }, maxRedirects: 0 })).status()).toBe(404);
    await context.close();
  }
  await signIn(page, one.learner);
  const mine = `/contests/${contest.id}/attempts/${one.attempt}/objections`;
  for (const place of ['0', '4', '99']) expect((await page.request.get(`${mine}/${place}`)).status(), place).toBe(404);
  const [left] = db`select (select count(*) from contest_objection where contest_id = ${contest.id}) + (select count(*) from contest_correction where contest_id = ${contest.id})
     + (select count(*) from contest_line_move where contest_id = ${contest.id}) + (select count(*) from contest_review where contest_id = ${contest.id})
     + (select count(*) from contest_reply where contest_id = ${contest.id}) as n`;
  expect(left.n).toBe(0);
});
