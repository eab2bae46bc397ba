// An editor makes a contest: from nothing, on a phone, with a preview and a trial; copies, lists, a final.
import { fits, settled } from './fits';
import { db, EDITOR, expect, freshId, LIAISON, newContest, newLearner, PASSWORD, signIn, test, UNIT } from './world';
import type { Page } from '@playwright/test';

const ARTIFACTS = 'artifacts';
const act = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const title = () => `竞赛编辑测试 ${freshId().slice(-6)}`;
const only = (id: string) => db`select * from contest where id = ${id}`[0];
const idOf = (page: Page) => page.url().match(/contests\/([0-9a-f-]{36})/)![1];
async function picture(page: Page, name: string, at?: string) {
  if (at) await page.locator(at).evaluate(e => e.scrollIntoView({ block: 'start', behavior: 'instant' }));
  await settled(page);
  await page.screenshot({ path: `${ARTIFACTS}/contest-edit-${name}.png`, fullPage: !at });
}

/** Begins a draft and comes to its form. */
async function begin(page: Page, name: string, kind = '主题竞赛') {
  await page.goto('/admin/contests/new');
  await page.locator('label.option', { hasText: kind }).click();
  await page.locator('#title').fill(name);
  await act(page, '建立草稿').click();
  await expect(page).toHaveURL(/\/admin\/contests\/[0-9a-f-]{36}$/);
  return idOf(page);
}

/** A Beijing time so many days from now, as the field takes it. */
const days = (n: number) => new Date(Date.now() + n * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 16);

async function makeAndPublish(page: Page) {
  const name = title();
  const learner = newLearner();
  await signIn(page, EDITOR);
  await page.goto('/me');
  await page.locator('a[href="/admin/contests"]').click();
  await page.locator('a[href="/admin/contests/new"]').click();
  await expect(page.locator('#title')).toBeVisible();
  const id = await begin(page, name);

  // What is wrong comes back beside its field, with everything that was typed.
  await page.locator('#summary').fill('宪法宣传周，人人可答。');
  await page.locator('#opens').fill(days(1));
  await page.locator('#closes').fill(days(-1));
  await page.locator('#minutes').fill('十');
  await act(page, '保存').last().click();
  const summary = page.locator('.error-summary');
  await expect(summary).toContainText('请改正 2 处');
  await expect(summary).toBeFocused();
  await expect(page.locator('#minutes')).toHaveValue('十');
  await expect(page.locator('#minutes')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#summary')).toHaveValue('宪法宣传周，人人可答。');
  expect(only(id).summary).toBe('');
  await summary.getByRole('link', { name: /整数/ }).click();
  await expect(page.locator('#minutes')).toBeFocused();
  await page.locator('#closes').fill(days(8));
  await page.locator('#minutes').fill('8');

  // Sections and bands come and go by buttons.
  await act(page, '改为分部分出题').click();
  await page.locator('label', { hasText: '单选' }).click();
  await page.locator('#s0-count').fill('3');
  await act(page, '再加一部分').click();
  await page.locator('#s1-count').fill('150');
  await page.locator('#s1-kinds label', { hasText: '判断' }).click();
  await act(page, '再加一部分').click();
  await page.getByRole('button', { name: '移除 第 3 部分' }).or(page.getByRole('button', { name: '移除第 3 部分' })).click();
  await expect(page.locator('.sheet-row legend', { hasText: /第 \d 部分/ })).toHaveCount(2);
  await act(page, '加一档名次奖励').click();
  await expect(page.locator('#b0-from')).toHaveValue('1');
  await page.locator('#b0-to').fill('10');
  await page.locator('#b0-credits').fill('30');

  // A unit by its name.
  await page.locator('#find').fill('锦江区');
  await page.getByRole('button', { name: '查找' }).click();
  await page.getByRole('button', { name: /^选定\s*锦江区$/ }).click();
  await expect(page.locator('input[name=within]')).toHaveValue('510104');
  await expect(page.locator('#s1-count')).toHaveValue('150');
  await fits(page);

  // Publishing asks the bank; saving does not.
  await act(page, '保存并发布').click();
  await expect(page.locator('#s1-count-error')).toContainText(/还缺 \d+ 题/);
  await picture(page, 'short', '.error-summary');
  await picture(page, 'short-field', '#s1-count');
  await page.locator('#s1-count').fill('2');
  await act(page, '保存并预览').click();
  await expect(page).toHaveURL(/\/preview$/);
  await expect(page.locator('.facts')).toContainText('8 分钟');
  await expect(page.locator('.table')).toContainText('30 学分');
  await picture(page, 'preview');

  // As a learner: nothing of it is stored.
  await page.getByRole('link', { name: '以学员身份试答' }).click();
  await expect(page.locator('fieldset.question')).toHaveCount(5);
  for (const question of await page.locator('fieldset.question').all()) await question.locator('.tile').first().click();
  await picture(page, 'trial');
  await act(page, '交卷').click();
  await expect(page.locator('.score')).toBeVisible();
  await expect(page.locator('.verdict')).toHaveCount(5);
  await picture(page, 'graded');
  await page.getByRole('link', { name: '另抽一卷' }).click();
  await expect(page.locator('fieldset.question')).toHaveCount(5);
  expect(db`select count(*) as n from contest_attempt where contest_id = ${id}`[0].n).toBe(0);

  await page.goto(`/admin/contests/${id}`);
  await picture(page, 'form', 'h1');
  await picture(page, 'form-paper', '#paper');
  await picture(page, 'form-scoring', '#scoring');
  await picture(page, 'form-entry', '#entry');
  await picture(page, 'form-credits', '#credits');
  await picture(page, 'form-board', '#board');
  await picture(page, 'form-ready', '#ready');
  await act(page, '保存并发布').click();
  await expect(page.locator('.flash')).toContainText('已发布');
  await picture(page, 'published');
  expect(only(id)).toMatchObject({ is_draft: 0, title: name, unit_id: '51' });
  expect(JSON.parse(only(id).rules)).toMatchObject({ questions: 5, minutes: 8, bands: [{ from: 1, to: 10, credits: 30 }] });
  expect(db`select count(*) as n from contest_question where contest_id = ${id}`[0].n).toBeGreaterThan(4);
  return { id, name, learner };
}

test('an editor makes a themed contest from nothing, and a learner sees it', async ({ page, browser, baseURL }) => {
  test.slow(); // twenty pages, and axe on some of them
  const { id, name, learner } = await makeAndPublish(page);
  const other = await (await browser.newContext({ baseURL, locale: 'zh-CN' })).newPage();
  await signIn(other, learner);
  await other.goto('/contests');
  await other.getByRole('link', { name }).click();
  await expect(other.getByRole('heading', { level: 1 })).toHaveText(name);
  // Only the words change now; and while nobody has begun it can be withdrawn.
  await expect(page.locator('#minutes')).toHaveCount(0);
  await page.locator('#title').fill(`${name}（更名）`);
  await act(page, '保存').last().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`${name}（更名）`);
  await act(page, '撤回为草稿').click();
  await expect(page.locator('#minutes')).toHaveValue('8');
  expect((await other.goto(`/contests/${id}`))?.status()).toBe(404);
  await other.context().close();
  // Deleting asks first.
  await page.getByRole('link', { name: '删除草稿' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('删除');
  await picture(page, 'delete');
  await act(page, '删除草稿').click();
  await expect(page.locator('.flash')).toContainText('已删除');
  expect(only(id)).toBeUndefined();
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('an editor makes a contest all the same', async ({ page }) => {
    const name = title();
    await signIn(page, EDITOR);
    const id = await begin(page, name, '专项竞赛');
    await act(page, '改为分部分出题').click();
    await page.locator('#s0-count').fill('4');
    await act(page, '逐级选择单位').click();
    await expect(page).toHaveURL(/#entry$/);
    await page.getByRole('button', { name: /成都市$/ }).last().click();
    await expect(page.locator('input[name=within]')).toHaveValue('5101');
    await page.locator('#closes').fill('2000-01-01T00:00');
    await act(page, '保存并发布').click();
    await expect(page.locator('.error-summary')).toContainText('结束时间');
    await page.locator('#closes').fill(days(20));
    await act(page, '保存并发布').click();
    await expect(page.locator('.flash')).toContainText('已发布');
    expect(only(id)).toMatchObject({ kind: 'special', is_draft: 0 });
  });
});

test('last year’s contest is copied in a minute', async ({ page }) => {
  const old = newContest({}, { opens: -366 * 86_400_000, closes: -360 * 86_400_000 });
  db`update contest set title = ${`2025年${old.title}`} where id = ${old.id}`;
  await signIn(page, EDITOR);
  await page.goto('/admin/contests/new');
  await picture(page, 'new');
  await fits(page);
  await page.getByRole('button', { name: new RegExp(`^复制\\s*2025年${old.title}$`) }).dblclick();
  await expect(page.locator('.flash')).toContainText('已复制');
  await expect(page.locator('#title')).toHaveValue(/^202[67]年/);
  expect(only(idOf(page)).opens_at).toBeGreaterThan(Date.now());
  expect(db`select count(*) as n from contest where title like ${`%年${old.title}`}`[0].n).toBe(2);
  await page.goto('/admin/contests');
  await picture(page, 'list');
  await fits(page);
});

test('an invitation list is looked through before it is put in, and lets in who is on it', async ({ page, browser, baseURL }) => {
  test.slow();
  const [a, b] = [newLearner(), newLearner()];
  await signIn(page, EDITOR);
  const id = await begin(page, title(), '专项竞赛');
  await act(page, '保存并编辑名单').click();
  await page.locator('#text').fill(`${a.phone}\n${b.staffNumber}\n${a.staffNumber}\n查无此人`);
  await act(page, '核对').click();
  await expect(page.locator('#outcome')).toBeFocused();
  await expect(page.locator('main')).toContainText('共 4 行：找到 2 人，没有找到 1 行，重复 1 行');
  await expect(page.locator('.table tbody tr')).toHaveCount(2);
  expect(db`select count(*) as n from contest_listed where contest_id = ${id}`[0].n).toBe(0);
  await picture(page, 'dry-run');
  await fits(page);
  await act(page, '写入名单，2 人').click();
  await expect(page.locator('.flash')).toContainText('名单已写入，2 人');
  expect(db`select count(*) as n from contest_listed where contest_id = ${id}`[0].n).toBe(2);
  // The longest list is taken, longer than any other form may be.
  await page.goto(`/admin/contests/${id}/list`);
  const long = Array.from({ length: 99_999 }, (_, n) => String(17_000_000_000 + n)).join('\n');
  // Typed key by key it would take longer than to be looked through.
  const began = Date.now();
  await page.locator('#text').evaluate((field: HTMLTextAreaElement, text) => { field.value = text; }, `${a.phone}\n${long}`);
  await act(page, '核对').click();
  await expect(page.locator('main')).toContainText('找到 1 人，没有找到 99\u00a0999 行', { timeout: 15_000 });
  console.log(`== a list of 100 000 lines is looked through in ${Date.now() - began} ms`);

  // Published, it lets in who is on the list, and says to others why it does not.
  await page.goto(`/admin/contests/${id}`);
  await page.locator('#opens').fill(days(1));
  await page.locator('#closes').fill(days(8));
  await act(page, '保存并发布').click();
  await expect(page.locator('.flash')).toContainText('已发布');
  expect(only(id)).toMatchObject({ kind: 'special', is_draft: 0 });
  db`update contest set opens_at = ${Date.now() - 60_000} where id = ${id}`;
  const start = `form[action="/contests/${id}/attempts"] button`;
  for (const [who, isListed] of [[a, true], [newLearner(), false]] as const) {
    const other = await (await browser.newContext({ baseURL, locale: 'zh-CN' })).newPage();
    await signIn(other, who);
    await other.goto(`/contests/${id}`);
    await expect(other.locator('.flash', { hasText: '您不在这场竞赛的参赛名单内' })).toHaveCount(isListed ? 0 : 1);
    await expect(other.locator(start)).toHaveCount(isListed ? 1 : 0);
    if (isListed) {
      await other.locator(start).click();
      await expect(other.locator('fieldset.question').first()).toBeVisible();
    }
    await other.context().close();
  }
  expect(db`select learner_id from contest_attempt where contest_id = ${id}`.map(row => row.learner_id)).toEqual([a.id]);
});

test('a team challenge asks for teams, and a final for a tie at its line', async ({ page }) => {
  await signIn(page, EDITOR);
  await begin(page, title(), '团体挑战赛');
  await expect(page.locator('#size')).toHaveValue('5');
  await expect(page.locator('#minutes')).toHaveCount(0);
  await picture(page, 'team');
  await fits(page);

  const open = newContest({ line: { rank: 2 } }, { opens: -9_000_000, closes: -3_600_000 });
  for (const points of [90, 80, 80]) {
    const who = newLearner(), attempt = freshId();
    db`insert into contest_attempt (id, contest_id, learner_id, number, seed, paper, started_at, deadline_at, answered, points, time_ms)
       values (${attempt}, ${open.id}, ${who.id}, 1, 1, '[]', 1, 2, 4, ${points}, 5)`;
    db`insert into contest_standing (contest_id, learner_id, unit_id, attempt_id, answered, points, time_ms)
       values (${open.id}, ${who.id}, ${UNIT}, ${attempt}, 4, ${points}, 5)`;
  }
  await page.goto(`/admin/contests/${open.id}`);
  await page.getByRole('link', { name: '建立决赛' }).click();
  await expect(page.locator('section[aria-labelledby=tie] li')).toHaveCount(2);
  await picture(page, 'final');
  await act(page, '建立决赛，3 人晋级').click();
  await expect(page.locator('.flash')).toContainText('名单上有 3 人');
  await expect(page.locator('#title')).toHaveValue(`${open.title}决赛`);
  expect(only(idOf(page))).toMatchObject({ open_round_id: open.id, is_draft: 1 });

  // A ruling on the open round takes one of them behind the line.
  await expect(page.locator('section[aria-labelledby=moved]')).toHaveCount(0);
  db`update contest_standing set points = 10 where contest_id = ${open.id} and points = 90`;
  await page.reload();
  await expect(page.locator('section[aria-labelledby=moved] li')).toHaveText(/^在名单上而不够格，1 人：/);
  await picture(page, 'final-moved');
  await act(page, '按现在的成绩重建名单').click();
  await expect(page.locator('.flash')).toContainText('2 人');
  await expect(page.locator('section[aria-labelledby=moved]')).toHaveCount(0);
});

test('other forms are as small as before', async ({ page, context }) => {
  await signIn(page, EDITOR);
  const long = { form: { text: '1\n'.repeat(100_000), event: freshId() }, maxRedirects: 0 };
  expect((await context.request.post('/admin/contests/new', long)).status()).toBe(413);
  const longest = { form: { text: '1'.repeat(5_000_000) }, maxRedirects: 0 };
  const id = await begin(page, title());
  expect((await context.request.post(`/admin/contests/${id}/list`, longest)).status()).toBe(413);
});

test('whoever is no editor there is refused', async ({ page, browser, baseURL }) => {
  await signIn(page, EDITOR);
  const id = await begin(page, title());
  const neighbour = newLearner({ unit: 'demo-fucheng-justice' });
  db`insert into role_grant (learner_id, role, unit_id) values (${neighbour.id}, 'editor', '510703')`;
  for (const [who, status] of [[newLearner().phone, 403], [LIAISON, 403], [neighbour.phone, 404]] as const) {
    const context = await browser.newContext({ baseURL, locale: 'zh-CN' });
    const other = await context.newPage();
    await signIn(other, who, PASSWORD);
    for (const path of ['', '/preview', '/trial?seed=1', '/list', '/final', '/delete']) {
      expect((await other.goto(`/admin/contests/${id}${path}`))?.status(), `${who} ${path}`).toBe(status);
    }
    for (const path of ['', '/withdraw', '/delete', '/copy']) {
      const answer = await context.request.post(`/admin/contests/${id}${path}`, { form: { event: freshId(), title: '别人的', do: 'save' }, maxRedirects: 0 });
      // What is not there for someone is as good as deleted for them.
      expect([status, path === '/delete' && status === 404 ? 303 : status], `${who} POST ${path}`).toContain(answer.status());
    }
    await context.close();
  }
  expect(only(id)).toMatchObject({ is_draft: 1 });
  expect(only(id).title).not.toBe('别人的');
});
