// Certificates: asked for on the page of a contest that is over, checked by a stranger, saved as a picture.
import { writeFileSync } from 'node:fs';
import { stand } from './contest-world';
import { db, expect, newContest, newLearner, signIn, test, type Contest, type Learner } from './world';

/** A contest that is over and posted, in which the learner stands with so many points. */
function over(learner: Learner, points = 100, title = '二〇二六年全省公职人员宪法和民法典学习知识竞赛（第一场）决赛'): Contest {
  const contest = newContest({}, { opens: -7_200_000, closes: -3_600_000 });
  db`update contest set posted_at = ${Date.now()}, title = ${title} where id = ${contest.id}`;
  stand(contest, learner, points);
  return { ...contest, title };
}

const shot = (name: string) => ({ path: `artifacts/certificate-${name}.png`, fullPage: true });

test('a certificate is asked for, is the same on every asking, and is saved with the whole name', async ({ page, me }) => {
  const contest = over(me);
  await page.goto(`/contests/${contest.id}`);
  await page.screenshot(shot('contest'));
  await page.getByRole('button', { name: '领取证书' }).click();
  await expect(page).toHaveURL(/\/certificates\/[2-9A-HJ-NP-Z]{16}$/);
  await expect(page.locator('.verdict')).toContainText('证书真实有效');
  await expect(page.locator('.facts')).toContainText(me.name);
  await expect(page.locator('.facts')).toContainText('第 1 名');
  const picture = page.locator('.certificate img');
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1200);
  await page.screenshot(shot('owner'));
  const code = page.url().slice(-16);
  const save = page.getByRole('link', { name: '保存图片' });
  const saved = await page.request.get((await save.getAttribute('href'))!);
  expect(saved.headers()['content-type']).toBe('image/png');
  expect(saved.headers()['cache-control']).toBe('private, no-cache');
  writeFileSync('artifacts/certificate.png', await saved.body());
  // From the contest and from one's own page it is the same one.
  await page.goto(`/contests/${contest.id}`);
  await page.getByRole('link', { name: '查看证书' }).click();
  await expect(page).toHaveURL(`/certificates/${code}`);
  await page.goto('/me');
  await page.getByRole('link', { name: '我的证书' }).click();
  await page.screenshot(shot('mine'));
  await page.getByRole('link', { name: contest.title }).click();
  await expect(page).toHaveURL(`/certificates/${code}`);
  expect(db`select code from contest_certificate where contest_id = ${contest.id}`).toHaveLength(1);
});

test('a stranger checks a code, sees a masked name, and never gets the whole one', async ({ page, me, browser, baseURL }) => {
  const contest = over(me);
  await page.goto(`/contests/${contest.id}`);
  await page.getByRole('button', { name: '领取证书' }).click();
  await expect(page.locator('.verdict')).toBeVisible();
  const code = page.url().slice(-16);
  const stranger = await (await browser.newContext({ baseURL })).newPage();
  await stranger.goto('/certificates');
  await stranger.screenshot(shot('enter'));
  await stranger.getByLabel('证书编号').fill(`${code.slice(0, 4)}-${code.slice(4, 8)} ${code.slice(8).toLowerCase()}`);
  await stranger.getByRole('button', { name: '核验' }).click();
  await expect(stranger).toHaveURL(`/certificates/${code}`);
  await expect(stranger.locator('.verdict')).toContainText('证书真实有效');
  await expect(stranger.locator('.facts')).toContainText('学＊＊');
  expect(await stranger.content()).not.toContain(me.name);
  await stranger.locator('.certificate img').evaluate((img: HTMLImageElement) => img.decode());
  await stranger.screenshot(shot('stranger'));
  // The public pictures say what the page says; the others are for the owner.
  for (const [ending, type] of [['svg', 'image/svg+xml'], ['png', 'image/png']]) {
    const open = await stranger.request.get(`/certificates/${code}.${ending}`);
    expect(open.headers()['content-type']).toBe(type);
    expect(open.headers()['cache-control']).toContain('immutable');
    if (ending === 'svg') expect(await open.text()).not.toContain(me.name);
    const kept = await stranger.request.get(`/certificates/${code}.${ending}`, { headers: { 'if-none-match': open.headers().etag } });
    expect(kept.status()).toBe(304);
    const closed = await stranger.request.get(`/me/certificates/${code}.${ending}`, { maxRedirects: 0 });
    expect(closed.status()).toBe(303);
  }
  await stranger.context().close();
  const other = await (await browser.newContext({ baseURL })).newPage();
  await signIn(other, newLearner());
  expect((await other.request.get(`/me/certificates/${code}.png`)).status()).toBe(404);
  expect((await other.request.post(`/contests/${contest.id}/certificate`, { headers: { origin: baseURL! } })).status()).toBe(404);
  await other.context().close();
});

test('an unknown code gets a page that says what to check', async ({ page }) => {
  const unknown = await page.goto('/certificates/2222222222222222');
  expect(unknown?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('没有查到这份证书');
  await expect(page.locator('.advice li')).toHaveCount(3);
  await page.screenshot(shot('unknown'));
  await page.goto('/certificates?code=OOOO');
  await expect(page.locator('#code-error')).toContainText('16 位');
  for (const path of ['/certificates/2222222222222222.png', '/certificates/x.svg', '/certificates/x.gif'])
    expect((await page.request.get(path)).status(), path).toBe(404);
});

test('a corrected rank supersedes a certificate, and its owner gets the new one', async ({ page, me }) => {
  const contest = over(me);
  await page.goto(`/contests/${contest.id}`);
  await page.getByRole('button', { name: '领取证书' }).click();
  await expect(page.locator('.verdict')).toBeVisible();
  const old = page.url().slice(-16);
  stand(contest, newLearner(), 200);
  await page.reload();
  await expect(page.locator('.verdict')).toContainText('证书已经更正');
  await page.screenshot(shot('superseded'));
  await page.getByRole('button', { name: '领取新证书' }).click();
  await expect(page).not.toHaveURL(`/certificates/${old}`);
  await expect(page.locator('.verdict')).toContainText('证书真实有效');
  const fresh = page.url();
  // Out of the bands it attests that the learner took part.
  await expect(page.locator('.facts')).toContainText('参加竞赛并作答');
  await page.goto(`/certificates/${old}`);
  await page.getByRole('link', { name: '查看新证书' }).click();
  await expect(page).toHaveURL(fresh);
});

test('without scripts and at the largest type everything stays within reach', async ({ browser, baseURL, learner }) => {
  const contest = over(learner);
  const context = await browser.newContext({ baseURL, javaScriptEnabled: false });
  const page = await context.newPage();
  await signIn(page, learner);
  db`update learner set type_size = 150 where id = ${learner.id}`;
  await page.goto('/me/certificates');
  await page.getByRole('button', { name: contest.title }).click();
  await expect(page.locator('.verdict')).toContainText('证书真实有效');
  await page.screenshot(shot('big'));
  await context.close();
});
