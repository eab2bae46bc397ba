// What a contest promises stands on its page before anyone begins, and is what is done: points, entry, attempts, practice,
// the line, the rounds of a match.
import { randomBytes } from 'node:crypto';
import { begin, choose, chip, next, onStage, paper, saved, stand, submit } from './contest-world';
import { enter, happened, newMatch, stage, type Match } from './match-world';
import { db, EDITOR, expect, freshId, newContest, newLearner, signIn, test, type Contest, type Learner } from './world';
import type { Page } from '@playwright/test';

/** A paper of single choices: one tap, one request. */
const singles = (count: number) => ({ questions: count, sections: [{ kinds: ['single'], count }] });

/** The sentences of a fact on a contest's page. */
const fact = (page: Page, term: string) =>
  page.locator('.facts > div').filter({ has: page.locator('dt', { hasText: new RegExp(`^${term}$`) }) }).locator('dd p');
const startButton = (page: Page, contest: Contest) => page.locator(`form[action="/contests/${contest.id}/attempts"] button`);
const practiceButton = (page: Page, contest: Contest) => page.locator(`form[action="/contests/${contest.id}/practice"] button`);
const attempts = (learner: Learner, contest: Contest) =>
  db`select id, purpose, number, points from contest_attempt where learner_id = ${learner.id} and contest_id = ${contest.id} order by started_at`;
const standing = (learner: Learner, contest: Contest) =>
  db`select attempt_id, points from contest_standing where learner_id = ${learner.id} and contest_id = ${contest.id}`;

/** Answers the paper on the stage, one question after the other, and hands in. */
async function sit(page: Page, me: Learner, contest: Contest, rightly: boolean[]) {
  const questions = paper(me, contest);
  expect(questions).toHaveLength(rightly.length);
  for (const [i, question] of questions.entries()) {
    await choose(page, question, rightly[i]);
    await expect(chip(page)).toContainText('已保存');
    if (i + 1 < questions.length) await next(page).click();
  }
  await submit(page).click();
  await expect(page.locator('.result-head .score')).toBeVisible();
}

/** Someone who stands in the contest with so many points. */
function rivalWith(contest: Contest, points: number, time = 5_000) {
  const who = newLearner();
  stand(contest, who, points, time);
  return who;
}

/** What the server answers to the form that begins, without the page that has it. */
async function postBegin(page: Page, contest: Contest, to: 'attempts' | 'practice') {
  const answer = await page.request.post(`/contests/${contest.id}/${to}`, { form: { event: freshId() }, maxRedirects: 0 });
  const said = answer.headers()['set-cookie']?.match(/flash=([^;]*)/)?.[1];
  return { status: answer.status(), to: answer.headers().location, said };
}

const TIES = '先比得分，得分相同再比用时；用时从开始算到最后一次作答，都相同则名次并列。';
const MINUTES = 5, POINTS = 100;
const GIVEN = [true, false, true, true]; // three right, two of them in a row

const formats = [
  { format: 'right-first', name: '答对计分', formula: '得分 = 100 × 答对题数', bonus: () => 0 },
  {
    format: 'right-then-time',
    name: '答对为先，用时少略有加分',
    formula: '得分 = 100 × 答对题数 + 99 × 答对比例 × 剩余时间比例，小数舍去。加分最多 99 分，抵不上答对一题。',
    bonus: (used: number) => Math.floor((99 * 3 * (MINUTES * 60_000 - used)) / (4 * MINUTES * 60_000)),
  },
  {
    format: 'streak',
    name: '答对为先，连对略有加分',
    formula: '得分 = 100 × 答对题数 + 99 × 最长连对题数 ÷ 总题数，小数舍去。连对按卷面次序，加分最多 99 分，抵不上答对一题。',
    bonus: () => Math.floor((99 * 2) / 4),
  },
];
const withFormat = (format: string) => newContest({ ...singles(4), minutes: MINUTES, points: POINTS, format });

for (const { format, name, formula, bonus } of formats) {
  test(`points by ${format} are explained before one begins, and are those of the formula`, async ({ page, me }) => {
    const contest = withFormat(format);
    await page.goto(`/contests/${contest.id}`);
    await expect(fact(page, '计分')).toHaveText([name, formula, TIES]);
    await startButton(page, contest).click();
    await onStage(page, contest);
    // As if it had begun earlier: the time that is used is then no trifle.
    db`update contest_attempt set started_at = started_at - 60000 where learner_id = ${me.id}`;
    // The wrong one comes last: a run goes by the paper, not by when the answers came.
    const questions = paper(me, contest);
    const answer = async (i: number) => {
      await choose(page, questions[i], GIVEN[i]);
      await expect.poll(() => saved(me, contest).some(a => a.question_id === questions[i])).toBe(true);
    };
    const previous = page.getByRole('button', { name: '上一题' });
    await answer(0);
    for (const i of [1, 2, 3]) {
      await next(page).click();
      if (i > 1) await answer(i);
    }
    for (let i = 0; i < 2; i++) await previous.click();
    await answer(1);
    for (let i = 0; i < 2; i++) await next(page).click();
    await expect(chip(page)).toContainText('已保存');
    await submit(page).click();
    await expect(page.locator('.result-head .score')).toBeVisible();

    expect(questions.map(q => saved(me, contest).find(a => a.question_id === q)?.is_right)).toEqual(GIVEN.map(Number));
    const [{ used }] = db`select max(received_at) - min(started_at) as used from contest_answer a
      join contest_attempt t on t.id = a.attempt_id where t.learner_id = ${me.id} and t.contest_id = ${contest.id}`;
    expect(used).toBeGreaterThan(60_000);
    const points = 3 * POINTS + bonus(used);
    await expect(page.locator('.result-head .score strong')).toHaveText(String(points));
    await expect(page.locator('.result-head .figures')).toContainText('3 / 4 题');
    expect(standing(me, contest)).toMatchObject([{ points }]);
    await page.locator('.dock a').click();
    await expect(page.locator('.board tr[aria-current=true] strong')).toHaveText(String(points));
  });
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('how points are made is readable all the same, also before the contest opens', async ({ page, me: _ }) => {
    for (const { format, name, formula } of formats) {
      const open = withFormat(format), coming = newContest({ points: POINTS, format }, { opens: 60_000 });
      for (const contest of [open, coming]) {
        await page.goto(`/contests/${contest.id}`);
        await expect(fact(page, '计分')).toHaveText([name, formula, TIES]);
        for (const sentence of await fact(page, '计分').all()) await expect(sentence).toBeVisible();
        await expect(startButton(page, contest)).toHaveCount(contest === open ? 1 : 0);
      }
      await page.goto(`/contests/${open.id}`);
      await expect(fact(page, '题目').first()).toHaveText('4 题，5 分钟');
      await expect(fact(page, '次数')).toHaveText(['1 次，您已答 0 次']);
      await expect(fact(page, '参加对象')).toHaveText(['四川省及下属单位的学员']);
    }
  });
});

const doors = [
  {
    what: 'of a kind of unit',
    entry: { kinds: ['county', 'prefecture'] },
    word: 'barred-kind',
    says: '所在单位为县市区级、市州级',
    refusal: '这场竞赛限其他层级的单位参加，您不能作答。如有疑问，请联系本单位联络员。',
    fulfil: (me: Learner) => db`update membership set unit_id = '510104' where learner_id = ${me.id}`,
  },
  {
    what: 'of a level of post',
    entry: { posts: ['section', 'division'] },
    word: 'barred-post',
    says: '职务层级为乡科级、县处级',
    refusal: '这场竞赛限其他职务层级的学员参加，您不能作答。职务登记有误时，请联系本单位联络员更正。',
    fulfil: (me: Learner) => db`update learner set post = 'division' where id = ${me.id}`,
  },
  {
    what: 'within a city',
    entry: { within: ['5107'] },
    word: 'barred-within',
    says: '绵阳市及下属单位的学员',
    refusal: '您的单位不在这场竞赛的参加范围内，不能作答。如有疑问，请联系本单位联络员。',
    fulfil: (me: Learner) => db`update membership set unit_id = 'demo-fucheng-justice' where learner_id = ${me.id}`,
  },
  {
    what: 'on the list',
    entry: { listed: true },
    word: 'barred-list',
    says: '须在参赛名单内',
    refusal: '您不在这场竞赛的参赛名单内，不能作答。如有疑问，请联系主办单位。',
    fulfil: (me: Learner, contest: Contest) => db`insert into contest_listed (contest_id, learner_id) values (${contest.id}, ${me.id})`,
  },
];

for (const { what, entry, word, says, refusal, fulfil } of doors) {
  test(`whoever is not ${what} reads the condition and cannot begin, and can once they are`, async ({ page, me }) => {
    const contest = newContest({ ...singles(2), entry, practice: 1 });
    await page.goto('/contests');
    const row = page.locator('.row', { hasText: contest.title });
    await expect(row).toContainText('您不在参加对象内');
    await row.click();
    await expect(fact(page, '参加对象').getByText(says, { exact: true })).toBeVisible();
    await expect(page.locator('.flash')).toHaveText([refusal]);
    const buttons = startButton(page, contest).or(practiceButton(page, contest));
    await expect(buttons).toHaveCount(0);
    for (const to of ['attempts', 'practice'] as const) {
      expect(await postBegin(page, contest, to)).toEqual({ status: 303, to: `/contests/${contest.id}`, said: `wrong:error.${word}:0` });
      await page.goto(`/contests/${contest.id}`);
      await expect(page.locator('.flash')).toHaveText([refusal]); // once, not by the page as well
    }
    expect(attempts(me, contest)).toEqual([]);

    fulfil(me, contest);
    await page.goto(`/contests/${contest.id}`);
    await expect(page.locator('.flash')).toHaveCount(0);
    await expect(buttons).toHaveCount(2);
    await begin(page, contest);
    expect(attempts(me, contest)).toMatchObject([{ purpose: 'rank', number: 1 }]);
  });
}

test('the line is on the contest’s page, nobody tied at it is cut off, and all of them may enter the final', async ({ page, me, browser, baseURL }) => {
  test.slow();
  const contest = newContest({ ...singles(2), line: { rank: 2 } });
  const first = rivalWith(contest, 90), tied = [rivalWith(contest, 80), rivalWith(contest, 80)], fourth = rivalWith(contest, 80, 5_001);
  await page.goto(`/contests/${contest.id}`);
  await expect(fact(page, '晋级线')).toHaveText(['前 2 名进入决赛，在线上并列的都进入。']);
  await expect(page.locator('.board td.rank')).toHaveText(['1', '2', '2', '4']);
  await expect(page.locator('.board tbody tr').last()).toContainText(fourth.name);
  const byPoints = newContest({ line: { points: 60 } }), none = newContest();
  await page.goto(`/contests/${byPoints.id}`);
  await expect(fact(page, '晋级线')).toHaveText(['60 分及以上进入决赛。']);
  await page.goto(`/contests/${none.id}`);
  await expect(fact(page, '计分')).toHaveCount(3);
  await expect(fact(page, '晋级线')).toHaveCount(0);

  db`update contest set opens_at = opens_at - 7200000, closes_at = ${Date.now() - 60_000} where id = ${contest.id}`;
  const editor = await enter(browser, baseURL, EDITOR, `/admin/contests/${contest.id}/final`);
  await expect(editor.locator('main')).toContainText('晋级线为第 2 名，有 3 人晋级。');
  await expect(editor.locator('section[aria-labelledby=tie]')).toContainText('第 2 名有 2 人并列，比名额多出 1 人。现在他们都晋级。');
  await editor.getByRole('button', { name: '建立决赛，3 人晋级' }).click();
  await expect(editor.locator('.flash')).toContainText('名单上有 3 人');
  const id = editor.url().match(/contests\/([0-9a-f-]{36})/)![1];
  await editor.context().close();
  const listed = db`select learner_id from contest_listed where contest_id = ${id}`.map(row => row.learner_id);
  expect(listed.sort()).toEqual([first, ...tied].map(who => who.id).sort());

  db`update contest set is_draft = false, opens_at = ${Date.now() - 60_000} where id = ${id}`;
  const final = { id, title: `${contest.title}决赛` };
  for (const [who, may] of [[tied[0], true], [tied[1], true], [fourth, false], [me, false]] as const) {
    const other = await enter(browser, baseURL, who, `/contests/${id}`);
    await expect(other.getByRole('heading', { level: 1 })).toHaveText(final.title);
    await expect(other.locator('.flash')).toHaveText(may ? [] : [doors[3].refusal]);
    const { status, said } = await postBegin(other, final, 'attempts');
    expect({ status, said }).toEqual({ status: 303, said: may ? undefined : 'wrong:error.barred-list:0' });
    expect(attempts(who, final)).toHaveLength(may ? 1 : 0);
    await other.context().close();
  }
});

test('a line that was moved is on the contest’s page where it lies now, and says who is within it', async ({ page, me: _, browser, baseURL }) => {
  const contest = newContest({ line: { rank: 2 } }, { opens: -7_200_000, closes: -3_600_000 });
  const [first, second] = [90, 80, 80].map(points => rivalWith(contest, points));
  const told = async (who: Learner) => {
    const theirs = await enter(browser, baseURL, who, `/contests/${contest.id}`);
    const words = await theirs.locator('section[aria-labelledby=outcome] p').first().innerText();
    await theirs.context().close();
    return words;
  };
  expect(await told(second)).toBe('您在晋级线以内。');
  const editor = await enter(browser, baseURL, EDITOR, `/admin/contests/${contest.id}/review`);
  const form = editor.locator('form[action$="/line"]');
  await form.locator('#at').fill('1');
  await form.locator('textarea').fill('考场只有一个座位');
  await form.getByRole('button', { name: '移动晋级线' }).click();
  await expect(editor.locator('.flash')).toContainText('晋级线已移动');
  await editor.context().close();
  await page.goto(`/contests/${contest.id}/record`);
  await expect(page.locator('.timeline')).toContainText('晋级线由第 2 名移到第 1 名');
  await page.goto(`/contests/${contest.id}`);
  await expect(fact(page, '晋级线').first()).toContainText('前 1 名');
  expect([await told(first), await told(second)]).toEqual(['您在晋级线以内。', '您没有进入晋级线。']);
});

test('practice says that it does not count, and has no rank, no standing and no credits', async ({ page, me, browser, baseURL }) => {
  test.slow(); // the end of a contest is posted by a clock
  const contest = newContest({ ...singles(2), practice: 1 });
  await page.goto(`/contests/${contest.id}`);
  await expect(fact(page, '练习')).toHaveText(['可先练习 1 次，不计成绩']);
  await expect(page.locator('section[aria-labelledby=practice]')).toContainText('练习另抽一卷，不计成绩，不进榜单。还可练习 1 次。');
  await practiceButton(page, contest).click();
  await onStage(page, contest);
  await expect(page.locator('.page-head')).toContainText('这是练习，不计成绩。');
  await sit(page, me, contest, [true, true]);
  await expect(page.locator('.flash[data-kind=info]')).toHaveText('这是练习，不计成绩，不进榜单。');
  await expect(page.locator('.result-head .score strong')).toHaveText('40'); // what it would have been worth
  expect(attempts(me, contest)).toMatchObject([{ purpose: 'practice', points: 40 }]);
  expect(standing(me, contest)).toEqual([]);
  await page.getByRole('link', { name: '回到竞赛' }).click();
  await expect(page.locator('section[aria-labelledby=board] .empty')).toContainText('还没有人作答');
  await expect(page.locator('.result-head')).toHaveCount(0);
  await expect(page.locator('section[aria-labelledby=mine]')).toHaveCount(0);
  await expect(fact(page, '次数')).toHaveText(['1 次，您已答 0 次']);
  await expect(practiceButton(page, contest)).toHaveCount(0);
  expect(await postBegin(page, contest, 'practice')).toEqual({ status: 303, to: `/contests/${contest.id}`, said: 'wrong:error.practice-used:0' });

  // Beside someone whose attempt counts.
  const other = newLearner();
  const rival = await enter(browser, baseURL, other, `/contests/${contest.id}`);
  await begin(rival, contest);
  await sit(rival, other, contest, [true, false]);
  await rival.context().close();
  await page.goto(`/contests/${contest.id}`);
  await expect(page.locator('.board tbody tr')).toHaveCount(1);
  await expect(page.locator('.board tbody tr')).toContainText(other.name);
  await page.goto(`/contests/${contest.id}/board`);
  await expect(page.locator('.board tbody tr')).toHaveCount(1);
  await expect(page.locator('.board tbody')).not.toContainText(me.name);

  db`update contest set closes_at = ${Date.now() - 1} where id = ${contest.id}`;
  const bonus = (who: Learner) => db`select coalesce(sum(amount), 0) as n from credit_entry where learner_id = ${who.id} and source = 'contest'`[0].n;
  await expect.poll(() => db`select posted_at from contest where id = ${contest.id}`[0].posted_at, { timeout: 20_000 }).not.toBeNull();
  expect([bonus(other), bonus(me)]).toEqual([35, 0]);
});

const RIVAL = 150;
for (const { counting, says, counts, rank } of [
  { counting: 'best', says: '取最好的一次', counts: 1, rank: 1 },
  { counting: 'last', says: '取最后作答的一次', counts: 2, rank: 2 },
  { counting: 'first', says: '取第一次', counts: 0, rank: 2 },
]) {
  test(`of three attempts it is said before which one counts, and the ${counting} is what is ranked`, async ({ page, me }) => {
    test.slow();
    const contest = newContest({ ...singles(2), points: 100, attempts: 3, counting });
    const rival = rivalWith(contest, RIVAL, 60_000);
    await page.goto(`/contests/${contest.id}`);
    await expect(fact(page, '次数')).toHaveText(['3 次，您已答 0 次', says]);
    const given = [[true, false], [true, true], [false, false]], points = [100, 200, 0];
    for (const [i, rightly] of given.entries()) {
      await begin(page, contest);
      await sit(page, me, contest, rightly);
      await expect(page.locator('.result-head .score strong')).toHaveText(String(points[i]));
      await page.goto(`/contests/${contest.id}`);
      await expect(fact(page, '次数')).toHaveText([`3 次，您已答 ${i + 1} 次`, says]);
    }
    await expect(page.locator('section[aria-labelledby=mine] .row-figure')).toHaveText(points.map(n => `${n} 分`));
    const made = attempts(me, contest);
    expect(made.map(attempt => attempt.points)).toEqual(points);
    expect(standing(me, contest)).toEqual([{ attempt_id: made[counts].id, points: points[counts] }]);
    await expect(page.locator('.result-head .score strong')).toHaveText(String(points[counts]));
    await expect(page.locator('.result-head')).toContainText(`第 ${rank} 名`);
    const rows = [`${me.name} ${points[counts]}`, `${rival.name} ${RIVAL}`];
    if (rank === 2) rows.reverse();
    const shown = () => page.locator('.board tbody tr').evaluateAll(rows =>
      rows.map(row => `${row.querySelector('td:nth-child(2)')!.firstChild!.textContent} ${row.querySelector('strong')!.textContent}`));
    await expect.poll(shown).toEqual(rows);
    await expect(startButton(page, contest)).toHaveCount(0);
    expect(await postBegin(page, contest, 'attempts')).toEqual({ status: 303, to: `/contests/${contest.id}`, said: 'wrong:error.no-attempt-left:0' });
    expect(attempts(me, contest)).toHaveLength(3);
  });
}

test('how points are made of each kind of round is on the player’s page before the match, with the numbers of its setup', async ({ browser, baseURL }) => {
  const match = newMatch(2);
  const rounds = [
    { kind: 'required', questions: 1, seconds: 61, points: 12 },
    { kind: { buzzer: { penalty: 7, turns: 3 } }, questions: 1, seconds: 62, points: 13 },
    { kind: { wager: { stakes: [5, 16, 27] } }, questions: 1, seconds: 63, points: 14 },
    { kind: 'relay', questions: 2, seconds: 64, points: 15 },
  ];
  replan(match, rounds, { buzzer: { bound_ms: 450 }, tie: 'drawn', answering_seconds: 17, staking_seconds: 23 });
  const page = await enter(browser, baseURL, match.teams[0][0], `/matches/${match.id}`);
  await expect.poll(() => happened(match, 'joined').length).toBe(1);
  await expect(stage(page)).toHaveAttribute('data-phase', 'lobby');
  await page.locator('details.disclosure:visible summary').click();
  const rules = page.locator('details.disclosure:visible li .text');
  await expect(rules).toHaveText([
    '必答，1 题，每题 61 秒 得分 = 12 × 答对人数 ÷ 本队人数，保留一位小数。全队每人作答。',
    '抢答，1 题，每题 62 秒 答对得 13 分，答错或没有作答扣 7 分，再由下一队作答，每题最多 3 队。' +
      '抢到后 17 秒内作答。先后以各自按下的时刻计，信号快慢不影响，最多回溯 450 毫秒。差距小于误差、分不出先后的，由服务器抽签，结果记录在案。',
    '风险题，1 题，每题 63 秒 队长从 5、16、27 分中押一种：答对得所押的分，答错或没有作答扣所押的分。没有押的按最低分。开题前有 23 秒押分。',
    '接力，2 题，每题 64 秒 每题由一名队员作答，按名单轮流；答对得 15 分，答错不扣分。',
  ]);
  for (const rule of await rules.all()) await expect(rule).toBeVisible();
  await page.context().close();
});

/** Another programme for a match that has not begun. */
function replan(match: Match, rounds: { questions: number }[], rules: object) {
  const count = rounds.reduce((sum, round) => sum + round.questions, 0);
  const rows = db`select id, kind, stem, options, answer_key from question where kind = 'single' order by id limit ${count}`;
  const [{ setup }] = db`select setup from live_match where id = ${match.id}`;
  const words = rows.map(q => ({ kind: q.kind, stem: q.stem, options: JSON.parse(q.options) }));
  const questions = rows.map(q => ({ id: q.id, kind: q.kind, options: JSON.parse(q.options).length, key: JSON.parse(q.answer_key) }));
  db`update live_match set setup = ${JSON.stringify({ ...JSON.parse(setup), rounds, rules })}, words = ${JSON.stringify(words)},
     secrets = ${JSON.stringify({ questions, seed: 7 })}, seal = ${randomBytes(32).toString('hex')} where id = ${match.id}`;
}
