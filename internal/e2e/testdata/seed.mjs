import { createBackendClient } from "@pipedream/sdk/server";
const pd = createBackendClient({
apiHost: {host},
environment: {development | production},
projectId: {your_pipedream_project_i_d},
credentials: {
clientId: {your_oauth_client_id},
clientSecret: {your_oauth_client_secret}
},
});
const resp = await pd.makeProxyRequest(
{
searchParams: {
account_id: "{account_id}", // The account ID for your end user (ex, apn_1234567)
external_user_id: "{external_user_id}", // The external user ID for your end user
}
},
{
url: "https://slack.com/api/chat.postMessage", // Include any query params you need; no need to Base64 encode the URL if using the SDK
options: {
method: "POST",
headers: {
hello: "world!" // Include any headers you need to send to the upstream API
},
body: {
text: "hello, world",
channel: "C03NA8B4VA9"
},
},
}
)
// Parse and return the data you need
console.log(resp);
