// Laws: the list, the contents, the reader, and the place where one stopped.
import { db, expect, test } from './world';

test('one goes from the list by the contents to an article, and Back the same way', async ({ page, me: _ }) => {
  await page.goto('/laws');
  await expect(page.locator('.rows .row')).toHaveCount(8);
  await page.getByRole('link', { name: '中华人民共和国宪法' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('中华人民共和国宪法');
  const first = page.locator('.contents li:not(:has(ol)) a').first();
  const name = await first.locator('.contents-title').innerText();
  await first.click();
  await expect(page.locator('.reader-text .article').first()).toBeVisible();
  await expect(page.locator('.reader-contents [aria-current=page] .contents-title')).toHaveText(name);
  await page.goBack();
  await expect(page.locator('.law-head h1')).toBeVisible();
  await page.goBack();
  await expect(page.locator('.rows .row')).toHaveCount(8);
});

test('an article has one address, and its number in words leads there', async ({ page, me: _ }) => {
  await page.goto('/laws/宪法/第五条');
  await expect(page).toHaveURL(/\/5$/);
  await expect(page.locator('#a5')).toHaveAttribute('aria-current', 'location');
  await expect(page.locator('#a5 h2')).toHaveText('第五条');
  await expect(page.locator('#a5')).toContainText('中华人民共和国实行依法治国');
});

test('one reads on to the next section and back to the one before', async ({ page, me: _ }) => {
  await page.goto('/laws/个人信息保护法/13');
  const here = await page.getByRole('heading', { level: 1 }).innerText();
  await page.locator('.reader-next [rel=next]').click();
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(here);
  await expect(page.locator('#a28')).toBeVisible();
  await page.locator('.reader-next [rel=prev]').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(here);
});

test('the civil code is one law of three parts', async ({ page, me: _ }) => {
  await page.goto('/laws/民法典');
  await expect(page.locator('.contents-part')).toHaveCount(3);
  await page.goto('/laws/民法典/1032');
  await expect(page.locator('#a1032 h2')).toHaveText('第一千零三十二条');
});

test('a law is found by a word of its name, and a word in none says so', async ({ page, me: _ }) => {
  await page.goto('/laws');
  await page.locator('input[name=q]').fill('数据');
  await page.locator('form[role=search] button').click();
  await expect(page.locator('.rows .row')).toHaveCount(1);
  await page.locator('input[name=q]').fill('没有这部法律');
  await page.locator('form[role=search] button').click();
  await expect(page.locator('.empty')).toBeVisible();
  await expect(page.locator('.rows .row')).toHaveCount(0);
});

test('a law or an article that is not there is a page that says so', async ({ page, me: _ }) => {
  for (const path of ['/laws/没有', '/laws/宪法/999', '/laws/宪法?version=1900-01-01']) {
    expect((await page.goto(path))?.status(), path).toBe(404);
    await expect(page.locator('.empty h1')).toBeVisible();
  }
});

test('where one stopped reading is remembered, and the first page leads back there', async ({ page, me }) => {
  await page.goto('/laws/个人信息保护法/13');
  await expect(page.locator('leptos-island .chip')).toBeVisible();
  await page.locator('#a15').evaluate(n => n.scrollIntoView());
  const place = () => db`select address from reading_place where learner_id = ${me.id}`[0]?.address;
  await expect.poll(place, { timeout: 10_000 }).toBe('15');
  await page.goto('/');
  await page.locator('.resume a').click();
  await expect(page).toHaveURL(/\/15#a15$/);
  await expect(page.locator('#a15')).toBeInViewport();
});

test('after a change to the laws nobody is shown the page from before it', async ({ page, me: _ }) => {
  const [article] = db`select n.id, n.html from law_node n join law_version v on v.id = n.version_id where v.law_slug = '乡村振兴促进法' and n.base = 1`;
  const put = (html: string) => db`update law_node set html = ${html} where id = ${article.id}; update law_revision set revision = revision + 1`;
  for (const _twice of [1, 2]) {
    await page.goto('/laws/乡村振兴促进法/1');
    await expect(page.locator('#a1 h2')).toHaveText('第一条');
    await expect(page.locator('#a1')).not.toContainText('这一条刚刚改过');
  }
  put('<p>这一条刚刚改过。</p>');
  await page.reload();
  await expect(page.locator('#a1')).toContainText('这一条刚刚改过');
  put(article.html);
  await page.reload();
  await expect(page.locator('#a1')).not.toContainText('这一条刚刚改过');
});
