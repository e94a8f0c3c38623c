// What the official SDK 1.8.0 does with Connect, against the sandbox over TLS, as
// that version takes nothing else.
import assert from "node:assert/strict";
import { createBackendClient } from "@pipedream/sdk/server";

const env = process.env;
const client = (environment) => createBackendClient({
  apiHost: env.API_HOST,
  environment,
  projectId: env.PIPEDREAM_PROJECT_ID,
  credentials: { clientId: env.PIPEDREAM_CLIENT_ID, clientSecret: env.PIPEDREAM_CLIENT_SECRET },
});
const pd = client("development");
const whom = { searchParams: { external_user_id: "abc-123", account_id: "apn_echo1" } };

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
const fails = (name, fn, words) => check(name, () => assert.rejects(fn, words));
const proxied = (url, options = { method: "GET" }) => pd.makeProxyRequest(whom, { url, options });

await check("accounts", async () => {
  const { data, page_info } = await pd.getAccounts({ limit: 3 });
  assert.equal(page_info.total_count, 6);
  assert.equal(data.length, 3);
  const next = await pd.getAccounts({ limit: 3, after: page_info.end_cursor });
  assert.notEqual(next.data[0].id, data[0].id);
});
await check("account", async () => assert.equal((await pd.getAccountById("apn_echo1", { include_credentials: true })).credentials.access_token, "tok-echo"));
await check("accounts of an app", async () => assert.equal((await pd.getAccounts({ app: "off" })).data.length, 1));
await check("apps", async () => {
  assert.equal((await pd.getApps({ q: "ech", hasActions: false })).data[0].name_slug, "echo");
  assert.equal((await pd.getApp("echo")).data.name, "Echo");
});
await check("categories", async () => assert.equal((await pd.getAppCategories())[0].name, "Tests"));
await check("project", async () => assert.equal((await pd.getProjectInfo()).apps.length, 2));
await check("connect token", async () => assert.match((await pd.createConnectToken({ external_user_id: "new-user" })).token, /^ctok_/));

await check("GET", async () => {
  const data = await proxied(`${env.UPSTREAM}/søk?q=naïve café`, { method: "GET", headers: { "X-Trace": "t-1" } });
  assert.equal(data.auth, "Bearer tok-echo");
  assert.equal(data.trace, "t-1");
  assert.equal(data.uri, "/s%C3%B8k?q=na%C3%AFve%20caf%C3%A9"); // the SDK writes it in Latin-1
});
for (const method of ["POST", "PUT", "PATCH"]) {
  await check(method, async () => {
    const data = await proxied("/echo", { method, body: { text: "hello" } });
    assert.equal(data.method, method);
    assert.equal(data.body, '{"text":"hello"}');
  });
}
await check("text body", async () => assert.equal((await proxied("/echo", { method: "POST", body: "as it is" })).body, "as it is"));
await check("DELETE", async () => assert.equal((await proxied("/echo", { method: "DELETE" })).method, "DELETE"));
await check("text answer", async () => assert.equal(await proxied("/text"), "plain words\n"));
await fails("upstream 404", () => proxied("/status/404"), /status: 404, body: .*nothing here/s);
await fails("domain", () => proxied("https://evil.example/"), /Domain evil\.example is not allowed for this app/);
await fails("mismatch", () => pd.makeProxyRequest({ searchParams: { external_user_id: "user-2", account_id: "apn_echo1" } }, { url: "/echo", options: { method: "GET" } }), /account and user mismatch/);
await fails("the other environment", () => client("production").makeProxyRequest(whom, { url: "/echo", options: { method: "GET" } }), /record not found/);
await check("deletions", async () => {
  await pd.deleteAccountsByApp("off");
  await pd.deleteAccount("apn_user5");
  await pd.deleteExternalUser("user-4");
  assert.equal((await pd.getAccounts({})).page_info.total_count, 3);
});
console.log(`${checks} checks`);
