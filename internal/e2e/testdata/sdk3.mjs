// What the official SDK 3 does with Connect, against the sandbox. Each check
// fails with the name of what was asked for; the last line counts them.
import assert from "node:assert/strict";
import { PipedreamClient, PipedreamError, TooManyRequestsError } from "pipedream-sdk-3";

const env = process.env;
const pd = new PipedreamClient({
  clientId: env.PIPEDREAM_CLIENT_ID,
  clientSecret: env.PIPEDREAM_CLIENT_SECRET,
  projectId: env.PIPEDREAM_PROJECT_ID,
  projectEnvironment: "development",
  baseUrl: env.PIPEDREAM_BASE_URL,
});
const whom = { externalUserId: "abc-123", accountId: "apn_echo1" };
const once = { maxRetries: 0 };

let checks = 0;
async function check(name, fn) {
  try {
    await fn();
    checks++;
  } catch (e) {
    e.message = `${name}: ${e.message}`;
    throw e;
  }
}
async function fails(name, fn, status, words) {
  await check(name, async () => {
    const e = await fn().then(() => assert.fail("it did not fail"), (e) => e);
    assert.ok(e instanceof PipedreamError, String(e));
    assert.equal(e.statusCode, status, String(e.message));
    assert.match(JSON.stringify(e.body), words);
  });
}
async function all(page) {
  const out = [];
  for await (const item of await page) out.push(item);
  return out;
}

await check("access token", async () => assert.match(await pd.rawAccessToken, /^ey.*\..*\./));
await check("wrong secret", async () => {
  const wrong = new PipedreamClient({ clientId: "x", clientSecret: "y", projectId: env.PIPEDREAM_PROJECT_ID, baseUrl: env.PIPEDREAM_BASE_URL });
  const e = await wrong.users.list({}, once).then(() => assert.fail("it did not fail"), (e) => e);
  assert.equal(e.statusCode, 401);
});

await check("users", async () => {
  const users = await all(pd.users.list({ limit: 2 }));
  assert.deepEqual(users.map((u) => u.externalId), ["abc-123", "user-2", "user-3", "user-4", "user-5"]);
  assert.ok(users[0].createdAt instanceof Date && users[0].id.startsWith("exu_"));
});
await check("users by text", async () => assert.equal((await all(pd.users.list({ q: "USER-4" }))).length, 1));
await check("accounts", async () => {
  const accounts = await all(pd.accounts.list({ limit: 2 }));
  assert.equal(accounts.length, 6);
  const echo = accounts.find((a) => a.id === "apn_echo1");
  assert.equal(echo.externalId, "abc-123");
  assert.equal(echo.healthy, true);
  assert.equal(echo.app.nameSlug, "echo");
  assert.deepEqual(echo.authorizedScopes, []);
});
await check("accounts of an app and user", async () => {
  assert.deepEqual((await all(pd.accounts.list({ app: "echo", externalUserId: "abc-123" }))).map((a) => a.id), ["apn_echo1"]);
});
await check("account with credentials", async () => {
  const a = await pd.accounts.retrieve("apn_echo1", { includeCredentials: true });
  assert.equal(a.credentials.access_token ?? a.credentials.accessToken, "tok-echo");
});
await check("accounts of a user", async () => {
  assert.deepEqual((await pd.accounts.listByExternalUser("abc-123")).map((a) => a.id).sort(), ["apn_echo1", "apn_off1"]);
});
await fails("unknown account", () => pd.accounts.retrieve("apn_none", {}, once), 404, /record not found/);

await check("apps", async () => {
  const apps = await all(pd.apps.list({ limit: 1, sortKey: "name", sortDirection: "asc" }));
  assert.deepEqual(apps.map((a) => a.nameSlug), ["echo", "off"]);
  assert.equal(apps[0].connect.proxy_enabled, true);
});
await check("app", async () => assert.equal((await pd.apps.retrieve("echo")).data.name, "Echo"));
await check("categories", async () => {
  const categories = await pd.appCategories.list();
  assert.equal(categories[0].name, "Tests");
  assert.equal((await pd.appCategories.retrieve(categories[0].id)).name, "Tests");
  assert.equal((await all(pd.apps.list({ categoryIds: [categories[0].id] }))).length, 1);
});
await check("project", async () => {
  assert.equal((await pd.projects.retrieve(env.PIPEDREAM_PROJECT_ID)).name, "SDK tests");
  assert.equal((await pd.projects.retrieveInfo()).apps.length, 2);
});
await check("connect token", async () => {
  const made = await pd.tokens.create({ externalUserId: "new-user", expiresIn: 600 });
  assert.match(made.token, /^ctok_[0-9a-f]{32}$/);
  assert.ok(made.expiresAt > new Date() && made.connectLinkUrl.includes(made.token));
  const valid = await pd.tokens.validate(made.token, { appId: "echo" });
  assert.equal(valid.success, true);
  assert.equal(valid.app.nameSlug, "echo");
  const account = await pd.accounts.create({
    externalUserId: "new-user", appSlug: "echo", cfmapJson: JSON.stringify({ access_token: "typed" }), connectToken: made.token, name: "mine",
  });
  assert.equal(account.name, "mine");
  await pd.accounts.delete(account.id);
  await pd.users.deleteExternalUser("new-user");
});

await check("GET with parameters and headers", async () => {
  const { data } = await pd.proxy.get({ ...whom, url: `${env.UPSTREAM}/søk?a=1`, params: { q: "naïve café", list: ["x", "y"] }, headers: { "X-Trace": "t-1" } }).then((d) => ({ data: d }));
  assert.equal(data.method, "GET");
  assert.equal(data.auth, "Bearer tok-echo");
  assert.equal(data.trace, "t-1");
  assert.match(data.uri, /^\/s%C3%B8k\?a=1/);
  assert.match(data.uri, /caf%C3%A9/);
});
for (const method of ["post", "put", "patch"]) {
  await check(method, async () => {
    const data = await pd.proxy[method]({ ...whom, url: "/echo", body: { text: "hällo", n: [1, null] }, headers: { "Content-Type": "application/vnd.test+json" } });
    assert.equal(data.method, method.toUpperCase());
    assert.equal(data.body, '{"text":"hällo","n":[1,null]}');
    assert.equal(data.type, "application/vnd.test+json");
  });
}
await check("delete", async () => assert.equal((await pd.proxy.delete({ ...whom, url: "/echo" })).method, "DELETE"));
await check("binary answer", async () => {
  const answer = await pd.proxy.get({ ...whom, url: "/binary", headers: { Accept: "image/png" } });
  assert.deepEqual([...new Uint8Array(await answer.arrayBuffer())], [0x89, 0x50, 0x00, 0xff]);
});
await check("text answer", async () => {
  const answer = await pd.proxy.get({ ...whom, url: "/text" });
  assert.equal(answer.error.rawBody, "plain words\n");
});
await check("empty answer", async () => {
  const { rawResponse } = await pd.proxy.get({ ...whom, url: "/status/204" }, once).withRawResponse();
  assert.equal(rawResponse.status, 204);
});
await fails("upstream 404", () => pd.proxy.get({ ...whom, url: "/status/404" }, once), 404, /nothing here/);
await fails("upstream 500", () => pd.proxy.get({ ...whom, url: "/status/500" }, once), 500, /nothing here/);
await fails("domain", () => pd.proxy.get({ ...whom, url: "https://evil.example/" }, once), 400, /Domain evil\.example is not allowed for this app/);
await fails("another user's account", () => pd.proxy.get({ externalUserId: "user-2", accountId: "apn_echo1", url: "/echo" }, once), 400, /account and user mismatch/);
await fails("proxy disabled", () => pd.proxy.get({ externalUserId: "abc-123", accountId: "apn_off1", url: "/echo" }, once), 400, /App record not found/);
await fails("restricted header", () => pd.proxy.get({ ...whom, url: "/echo", headers: { Cookie: "a=b" } }, once), 400, /Unsupported header/);
await fails("not found in the other environment", () => pd.proxy.get({ ...whom, url: "/echo" }, { ...once, projectEnvironment: "production" }), 404, /record not found/);

await check("usage", async () => {
  const now = Math.floor(Date.now() / 1000);
  const { data } = await pd.usage.list({ startTs: now - 3600, endTs: now + 60 });
  assert.ok(data[0].proxyCreditsUsed >= 10, JSON.stringify(data));
});
await check("delete the accounts of an app", async () => {
  await pd.accounts.deleteByApp("off");
  assert.equal((await all(pd.accounts.list({ app: "off" }))).length, 0);
});
await check("rate limit", async () => {
  for (let i = 0; i < 200; i++) {
    const e = await pd.proxy.get({ ...whom, url: "/echo" }, once).then(() => null, (e) => e);
    if (e) {
      assert.ok(e instanceof TooManyRequestsError, String(e));
      assert.ok(Number(e.rawResponse.headers.get("retry-after")) >= 1);
      return;
    }
  }
  assert.fail("no call was one too many");
});
console.log(`${checks} checks`);
