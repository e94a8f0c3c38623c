package diagnose_test

import (
	"net/http"
	"strings"
	"time"

	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/proxy/diagnose"
	"github.com/connectty/connectty/proxy/sandbox"
)

const graphQL = "https://api.vendor.test/graphql"

// good are answers in which nothing failed, however they look.
var good = map[string]provoked{
	"works":                       {body: `{"ok":true}`, who: diagnose.None, code: "works"},
	"accepted":                    {status: 202, body: `{}`, who: diagnose.None, code: "accepted"},
	"no content":                  {status: 204, who: diagnose.None, code: "no_content"},
	"a part":                      {status: 206, header: []string{"Content-Range", "bytes 0-1/9"}, body: "he", who: diagnose.None, code: "part"},
	"not modified":                {status: 304, who: diagnose.None, code: "not_modified"},
	"redirect":                    {status: 302, header: []string{"Location", "https://files.vendor.test/1"}, who: diagnose.None, code: "redirect", says: "Location: https://files", key: "u"},
	"error null":                  {body: `{"error":null,"data":{"id":1}}`, who: diagnose.None, code: "works"},
	"no errors":                   {url: graphQL, body: `{"data":{"a":1},"errors":[]}`, who: diagnose.None, code: "works"},
	"an error of the thing's own": {body: `{"id":"pi_1","object":"payment_intent","last_payment_error":{"code":"card_declined"},"error":{"code":"x","message":"y"}}`, who: diagnose.None, code: "works"},
	"errors inside items":         {body: `{"data":[{"ok":false,"error":"missing_scope"},{"success":false,"errors":[{"message":"x"}]}]}`, who: diagnose.None, code: "works"},
	"a list of errors was asked":  {url: "https://api.vendor.test/v1/errors", body: `{"errors":[{"message":"boom","code":"E1"}]}`, who: diagnose.None, code: "works"},
	"an import with its errors":   {body: `{"id":7,"status":"done","errors":[{"row":3,"message":"invalid e-mail"}]}`, who: diagnose.None, code: "works"},
	"an error that is ok":         {body: `{"data":{"user":{"name":"Ada"}},"error":{"code":"ok","message":"","log_id":"1"}}`, who: diagnose.None, code: "works"},
	"a failed job":                {body: `{"name":"operations/1","done":true,"error":{"code":3,"message":"invalid"}}`, who: diagnose.None, code: "works"},
	"a page where one is due":     {url: "https://www.vendor.test/about", header: []string{"Content-Type", "text/html"}, body: "<!doctype html><title>Log in</title>", who: diagnose.None, code: "works"},
	"a page of one's own":         {url: "https://api.vendor.test/v1/files/1/content", header: []string{"Content-Type", "text/html"}, body: "<html><title>Sign in</title></html>", who: diagnose.None, code: "works"},
	"a fragment of HTML":          {url: "https://api.vendor.test/markdown", method: "POST", header: []string{"Content-Type", "text/html"}, body: "<p>hello</p>", who: diagnose.None, code: "works"},
	"figures of errors":           {body: `{"errors":3,"warnings":1}`, who: diagnose.None, code: "works"},
	"a rate of errors":            {body: `{"error":{"total":5,"rate":0.1}}`, who: diagnose.None, code: "works"},
	"what is wrong with a thing":  {body: `{"valid":false,"errors":[{"message":"name is missing"}]}`, who: diagnose.None, code: "works"},
	"error zero":                  {body: `{"error":0,"message":"ok","result":[1]}`, who: diagnose.None, code: "works"},
	"zero results":                {body: `{"results":[],"status":"ZERO_RESULTS"}`, who: diagnose.None, code: "works"},
	"code zero":                   {body: `{"code":0,"message":"OK","data":{"list":[]}}`, who: diagnose.None, code: "works"},
}

var byStatus = map[string]provoked{
	"400":                     {status: 400, body: `{"message":"name is required"}`, who: diagnose.Request, code: "rejected", says: "name is required"},
	"404":                     {status: 404, body: `{"message":"no such thing"}`, who: diagnose.Request, code: "not_found", key: "u"},
	"404 that may be a scope": {status: 404, header: []string{"X-Oauth-Scopes", "read:user", "X-Accepted-Oauth-Scopes", "repo"}, body: `{"message":"Not Found"}`, who: diagnose.Unknown, code: "not_found_or_scope"},
	"405":                     {status: 405, header: []string{"Allow", "POST"}, who: diagnose.Request, code: "method", says: "Allow: POST", key: "m"},
	"406":                     {status: 406, who: diagnose.Request, code: "rejected"},
	"407":                     {status: 407, who: diagnose.Unknown, code: "proxy"},
	"408":                     {status: 408, who: diagnose.Upstream, code: "slow", key: "r"},
	"409":                     {status: 409, body: `{"message":"it exists"}`, who: diagnose.Request, code: "conflict"},
	"410":                     {status: 410, who: diagnose.Request, code: "gone"},
	"413":                     {status: 413, body: `{"message":"too large"}`, who: diagnose.Request, code: "too_large", key: "b"},
	"414":                     {status: 414, who: diagnose.Request, code: "rejected"},
	"415":                     {status: 415, who: diagnose.Request, code: "media_type", key: "b"},
	"422":                     {status: 422, body: `{"errors":[{"message":"invalid token"}]}`, who: diagnose.Request, code: "rejected"},
	"423":                     {status: 423, who: diagnose.Unknown, code: "locked"},
	"451":                     {status: 451, who: diagnose.Unknown, code: "legal"},
	"499":                     {status: 499, who: diagnose.Unknown, code: "closed"},
	"402":                     {status: 402, body: `{"error":"payment required"}`, who: diagnose.Account, code: "payment"},
	"402 of a card":           {status: 402, body: `{"error":{"type":"card_error","code":"card_declined","message":"Your card was declined."}}`, who: diagnose.Request, code: "declined"},
	"500":                     {status: 500, body: `{"message":"boom"}`, who: diagnose.Upstream, code: "server_error", key: "r"},
	"503":                     {status: 503, header: []string{"Retry-After", "120"}, who: diagnose.Upstream, code: "unavailable", says: "wait 2 min, until 12:02:00 UTC"},
	"504 of its own":          {status: 504, body: `<html>`, header: []string{"Content-Type", "text/html"}, who: diagnose.Upstream, code: "slow"},
	"a number of nowhere":     {status: 777, who: diagnose.Unknown, code: "status"},
	"SOAP: the client's":      {status: 500, header: []string{"Content-Type", "text/xml"}, body: `<soap:Envelope xmlns:soap="x"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>no such field</faultstring></soap:Fault></soap:Body></soap:Envelope>`, who: diagnose.Request, code: "rejected"},
}

var inside = map[string]provoked{
	"Slack, what was sent":       {body: `{"ok":false,"error":"channel_not_found"}`, who: diagnose.Request, code: "failed_inside", says: "channel_not_found"},
	"Slack, never heard of":      {body: `{"ok":false,"error":"frobnication_failed"}`, who: diagnose.Request, code: "failed_inside"},
	"Slack, token":               {body: `{"ok":false,"error":"invalid_auth"}`, who: diagnose.Account, code: "unauthorized", key: "L"},
	"Slack, none":                {body: `{"ok":false,"error":"not_authed"}`, who: diagnose.Account, code: "unauthorized"},
	"Slack, scope":               {body: `{"ok":false,"error":"missing_scope","needed":"channels:read","provided":"chat:write,users:read"}`, who: diagnose.Account, code: "missing_scope", says: "not granted channels:read", key: "L"},
	"Slack, itself":              {body: `{"ok":false,"error":"internal_error"}`, who: diagnose.Upstream, code: "server_error"},
	"Slack, rate":                {body: `{"ok":false,"error":"ratelimited"}`, header: []string{"Retry-After", "30"}, who: diagnose.Upstream, code: "rate_limited", says: "wait 30 s"},
	"Telegram":                   {body: `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`, who: diagnose.Request, code: "failed_inside"},
	"GraphQL":                    {url: graphQL, body: `{"data":null,"errors":[{"message":"Cannot query field \"x\" on type \"Query\"."}]}`, who: diagnose.Request, code: "failed_inside"},
	"GraphQL, in part":           {url: graphQL, body: `{"data":{"a":1,"b":null},"errors":[{"message":"no","path":["b"],"extensions":{"code":"FORBIDDEN"}}]}`, who: diagnose.Account, code: "forbidden"},
	"GraphQL, scope":             {url: graphQL, body: `{"data":null,"errors":[{"type":"INSUFFICIENT_SCOPES","message":"Your token has not been granted the required scopes to execute this query. The 'login' field requires one of the following scopes: ['read:org'], but your token has only been granted the: ['repo'] scopes."}]}`, who: diagnose.Account, code: "missing_scope", says: "not granted read:org"},
	"GraphQL, rate":              {url: graphQL, body: `{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}]}`, who: diagnose.Upstream, code: "rate_limited"},
	"GraphQL, itself":            {url: graphQL, body: `{"errors":[{"message":"Something went wrong while executing your query."}],"data":null}`, who: diagnose.Upstream, code: "server_error"},
	"GraphQL, no telling":        {url: graphQL, body: `{"errors":[{"message":"hm"}]}`, who: diagnose.Unknown, code: "failed_inside"},
	"GraphQL, user errors":       {url: graphQL, body: `{"data":{"productCreate":{"product":null,"userErrors":[{"field":["title"],"message":"Title can't be blank"}]}}}`, who: diagnose.Request, code: "failed_inside"},
	"Pipedrive":                  {body: `{"success":false,"error":"unauthorized access","errorCode":401}`, who: diagnose.Account, code: "unauthorized"},
	"an error and nothing else":  {body: `{"error":{"code":404,"message":"Unknown thing"}}`, who: diagnose.Request, code: "failed_inside"},
	"a status in the body":       {body: `{"status":401,"message":"Unauthorized"}`, who: diagnose.Account, code: "unauthorized"},
	"JSend":                      {body: `{"status":"fail","data":{"title":"A title is required"}}`, who: diagnose.Request, code: "failed_inside"},
	"Google Maps":                {body: `{"results":[],"status":"REQUEST_DENIED","error_message":"The provided API key is invalid."}`, who: diagnose.Account, code: "unauthorized"},
	"Monday":                     {body: `{"error_code":"ColumnValueException","error_message":"invalid value","error_data":{}}`, who: diagnose.Request, code: "failed_inside"},
	"TikTok":                     {url: "https://business-api.tiktok.com/open_api/v1.3/x/", body: `{"code":40105,"message":"Access token is incorrect or has been revoked.","request_id":"1","data":{}}`, who: diagnose.Account, code: "unauthorized"},
	"WeChat":                     {body: `{"errcode":40001,"errmsg":"invalid credential"}`, who: diagnose.Account, code: "unauthorized"},
	"ActiveCampaign":             {body: `{"result_code":0,"result_message":"Failed: Nothing is returned","result_output":"json"}`, who: diagnose.Unknown, code: "failed_inside"},
	"Flickr":                     {body: `{"stat":"fail","code":100,"message":"Invalid API Key (Key has invalid format)"}`, who: diagnose.Account, code: "unauthorized"},
	"OMDb":                       {body: `{"Response":"False","Error":"Movie not found!"}`, who: diagnose.Request, code: "failed_inside"},
	"Alpha Vantage":              {url: "https://www.alphavantage.co/query", body: `{"Note":"Our standard API rate limit is 25 requests per day."}`, who: diagnose.Upstream, code: "rate_limited"},
	"Zoho, each item":            {body: `{"data":[{"code":"MANDATORY_NOT_FOUND","details":{"api_name":"Last_Name"},"message":"required field not found","status":"error"}]}`, who: diagnose.Request, code: "failed_inside"},
	"Vonage":                     {body: `{"message-count":"1","messages":[{"status":"4","error-text":"Bad Credentials"}]}`, who: diagnose.Account, code: "unauthorized"},
	"Zoho People":                {body: `{"response":{"errors":{"code":7021,"message":"Invalid parameter"},"message":"Error occurred","status":1}}`, who: diagnose.Request, code: "failed_inside"},
	"XML":                        {header: []string{"Content-Type", "application/xml"}, body: `<?xml version="1.0"?><Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>`, who: diagnose.Upstream, code: "server_error"},
	"JSON-RPC":                   {body: `{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"Method not found"}}`, who: diagnose.Request, code: "failed_inside"},
	"Reddit":                     {body: `{"json":{"errors":[["SUBREDDIT_NOEXIST","that subreddit doesn't exist","sr"]]}}`, who: diagnose.Request, code: "failed_inside"},
	"Reddit, rate":               {body: `{"json":{"ratelimit":540.1,"errors":[["RATELIMIT","you are doing that too much. try again in 9 minutes.","ratelimit"]]}}`, who: diagnose.Upstream, code: "rate_limited", says: "wait 9 min, until 12:09:00 UTC"},
	"Zendesk's stranger":         {url: "https://acme.zendesk.com/api/v2/users/me.json", body: `{"user":{"id":null,"name":"Anonymous user"}}`, who: diagnose.Account, code: "anonymous", key: "L"},
	"errors beside data":         {body: `{"data":[{"name":"a"}],"errors":[{"title":"Not Found Error","detail":"Could not find user"}]}`, who: diagnose.Unknown, code: "failed_partly"},
	"a batch with a failed part": {body: `{"responses":[{"id":"1","status":200,"body":{}},{"id":"2","status":403,"body":{"error":{"code":"x"}}}]}`, who: diagnose.Unknown, code: "failed_partly"},
	"JSON that breaks off":       {app: func(a *sandbox.App) { a.Fault = sandbox.Fault{Malformed: true} }, who: diagnose.Upstream, code: "malformed"},
}

func needs(body string) provoked {
	return provoked{status: 403, body: body, who: diagnose.Account, code: "missing_scope", key: "L"}
}

func (p provoked) saying(text string) provoked { p.says = text; return p }

func with(p provoked, change func(*provoked)) provoked { change(&p); return p }

// slackScope is a call that a scope is missing for.
var slackScope = provoked{body: `{"ok":false,"error":"missing_scope","needed":"channels:read"}`}

func peers(scopes ...string) func(*diagnose.Input) {
	return func(in *diagnose.Input) {
		in.Peers = []proxy.Account{{ID: "apn_2", AuthorizedScopes: scopes}, {ID: "apn_3"}}
	}
}

var accounts = map[string]provoked{
	"401":             {status: 401, body: `{"message":"Bad credentials"}`, who: diagnose.Account, code: "unauthorized", says: "Connect says: healthy", key: "L"},
	"401, unhealthy":  {status: 401, account: func(a *sandbox.Account) { a.Unhealthy, a.Error = true, "invalid_grant" }, who: diagnose.Account, code: "account_unhealthy", says: "invalid_grant"},
	"401, dead":       {status: 401, facts: func(in *diagnose.Input) { in.Account.Dead = true }, who: diagnose.Account, code: "account_dead", says: "dead"},
	"401, expired":    {status: 401, account: func(a *sandbox.Account) { a.ExpiresAt = "2026-11-25T10:30:00Z" }, who: diagnose.Account, code: "account_expired", says: "expired 90 min ago"},
	"401, nothing in": {status: 401, facts: func(in *diagnose.Input) { in.NoCredentials = true }, who: diagnose.Account, code: "no_credentials"},
	"200, nothing in": {body: `{"public":1}`, facts: func(in *diagnose.Input) { in.NoCredentials = true }, who: diagnose.Account, code: "no_credentials"},
	"403":             {status: 403, body: `{"message":"no"}`, who: diagnose.Account, code: "forbidden"},
	"RFC 6750, scope": with(needs(`{}`), func(p *provoked) {
		p.header = []string{"Www-Authenticate", `Bearer realm="x", error="insufficient_scope", scope="files.read files.write"`}
	}).saying("not granted files.read, files.write"),
	"RFC 6750, token": {status: 401, header: []string{"Www-Authenticate", `Bearer error="invalid_token"`}, who: diagnose.Account, code: "unauthorized"},
	"Google, scope":   needs(`{"error":{"code":403,"message":"Request had insufficient authentication scopes.","errors":[{"reason":"insufficientPermissions"}],"status":"PERMISSION_DENIED","details":[{"reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}}`),
	"GitHub, scope": with(needs(`{"message":"Must have admin rights to Repository."}`), func(p *provoked) {
		p.header = []string{"X-Oauth-Scopes", "read:user", "X-Accepted-Oauth-Scopes", "admin:org, write:org"}
	}).saying("any of admin:org, write:org"),
	"HubSpot, scope":      needs(`{"status":"error","message":"no","category":"MISSING_SCOPES","errors":[{"context":{"requiredGranularScopes":["crm.objects.contacts.read"]}}]}`).saying("not granted crm.objects.contacts.read"),
	"GitLab, scope":       needs(`{"error":"insufficient_scope","error_description":"The request requires higher privileges","scope":"api"}`).saying("not granted api"),
	"Shopify, scope":      needs(`{"errors":"[API] This action requires merchant approval for read_products scope."}`).saying("not granted read_products"),
	"Zoom, scope":         with(needs(`{"code":4711,"message":"Invalid access token, does not contain scopes:[user:read:user]."}`), func(p *provoked) { p.status, p.url = 400, "https://api.zoom.us/v2/users/me" }).saying("not granted user:read:user"),
	"Meta, permission":    {status: 403, body: `{"error":{"message":"(#200) Requires pages_manage_posts permission","type":"OAuthException","code":200,"fbtrace_id":"A"}}`, who: diagnose.Account, code: "missing_scope", says: "pages_manage_posts"},
	"Meta, token":         {status: 400, body: `{"error":{"message":"Error validating access token","type":"OAuthException","code":190,"fbtrace_id":"A"}}`, who: diagnose.Account, code: "unauthorized"},
	"Meta, parameter":     {status: 400, body: `{"error":{"message":"(#100) Tried accessing nonexisting field","type":"OAuthException","code":100,"fbtrace_id":"A"}}`, who: diagnose.Request, code: "rejected"},
	"Microsoft, token":    {status: 401, body: `{"error":{"code":"InvalidAuthenticationToken","message":"Lifetime validation failed, the token is expired."}}`, who: diagnose.Account, code: "unauthorized"},
	"Microsoft, denied":   {status: 403, body: `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation."}}`, who: diagnose.Account, code: "forbidden"},
	"Microsoft, mailbox":  {status: 404, body: `{"error":{"code":"MailboxNotEnabledForRESTAPI","message":"The mailbox is either inactive or hosted on-premise."}}`, who: diagnose.Account, code: "forbidden"},
	"Salesforce, session": {status: 401, body: `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`, who: diagnose.Account, code: "unauthorized"},
	"SOAP, session":       {status: 500, header: []string{"Content-Type", "text/xml"}, body: `<soapenv:Envelope><soapenv:Body><soapenv:Fault><faultcode>sf:INVALID_SESSION_ID</faultcode></soapenv:Fault></soapenv:Body></soapenv:Envelope>`, who: diagnose.Account, code: "unauthorized"},
	"Google, key":         {status: 400, body: `{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}`, who: diagnose.Account, code: "unauthorized"},
	"Google, API is off":  {status: 403, body: `{"error":{"code":403,"message":"Gmail API has not been used in project 1 before or it is disabled.","status":"PERMISSION_DENIED","details":[{"reason":"SERVICE_DISABLED"}]}}`, who: diagnose.Setup, code: "api_disabled"},
	"AWS, expired":        {status: 400, body: `{"__type":"com.amazon.coral.service#ExpiredTokenException","message":"The security token included in the request is expired"}`, who: diagnose.Account, code: "unauthorized"},
	"OAuth, the grant":    {method: "POST", status: 400, body: `{"error":"invalid_grant","error_description":"Token has been expired or revoked."}`, who: diagnose.Account, code: "unauthorized", key: "L"},
	"a refresh token":     {method: "POST", status: 400, body: `{"status":"ERROR","message":"missing or invalid refresh token"}`, who: diagnose.Account, code: "unauthorized"},
	"a page token":        {status: 400, body: `{"error":{"code":400,"message":"Invalid page token."}}`, who: diagnose.Request, code: "rejected"},
	"OpenAI, no credit":   {status: 429, body: `{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","code":"insufficient_quota"}}`, who: diagnose.Account, code: "payment"},
	"403 of a user agent": {status: 403, body: `{"message":"Request forbidden by administrative rules. Please make sure your request has a User-Agent header."}`, who: diagnose.Request, code: "rejected"},
	"no peer has it":      with(slackScope, func(p *provoked) { p.facts = peers("chat:write"); p.who, p.code = diagnose.Setup, "scope_not_asked" }).saying("none of 1 other accounts"),
	"a peer has it": with(slackScope, func(p *provoked) {
		p.facts = peers("chat:write", "channels:read")
		p.who, p.code, p.key = diagnose.Account, "missing_scope", "L"
	}).saying("1 of 1 other accounts"),
	"Connect lists it": with(slackScope, func(p *provoked) {
		p.facts = peers("chat:write")
		p.account = func(a *sandbox.Account) { a.AuthorizedScopes = []string{"channels:read"} }
		p.who, p.code = diagnose.Account, "missing_scope"
	}).saying("Connect lists as granted: channels:read"),
}

var limits = map[string]provoked{
	"429":              {status: 429, header: []string{"Retry-After", "30"}, who: diagnose.Upstream, code: "rate_limited", says: "wait 30 s, until 12:00:30 UTC", key: "r"},
	"429, reset":       {status: 429, header: []string{"X-Ratelimit-Reset", "1795608600"}, who: diagnose.Upstream, code: "rate_limited", says: "wait 10 min, until 12:10:00 UTC"},
	"429, in the body": {status: 429, body: `{"message":"You are being rate limited.","retry_after":64.57}`, who: diagnose.Upstream, code: "rate_limited", says: "wait 65 s"},
	"429, Google":      {status: 429, body: `{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"41s"}]}}`, who: diagnose.Upstream, code: "rate_limited", says: "wait 41 s"},
	"GitHub's 403":     {status: 403, header: []string{"X-Ratelimit-Remaining", "0", "X-Ratelimit-Reset", "1795608600"}, body: `{"message":"API rate limit exceeded for user ID 1."}`, who: diagnose.Upstream, code: "rate_limited", says: "until 12:10:00 UTC"},
	"GitHub's second":  {status: 403, header: []string{"Retry-After", "60"}, body: `{"message":"You have exceeded a secondary rate limit."}`, who: diagnose.Upstream, code: "rate_limited", says: "wait 60 s"},
	"Google's 403":     {status: 403, body: `{"error":{"code":403,"errors":[{"domain":"usageLimits","reason":"userRateLimitExceeded"}],"message":"User Rate Limit Exceeded"}}`, who: diagnose.Upstream, code: "rate_limited"},
	"Google's quota":   {status: 403, body: `{"error":{"code":403,"errors":[{"domain":"youtube.quota","reason":"quotaExceeded"}]}}`, who: diagnose.Upstream, code: "rate_limited"},
	"Salesforce's 403": {status: 403, body: `[{"errorCode":"REQUEST_LIMIT_EXCEEDED","message":"TotalRequests Limit exceeded."}]`, who: diagnose.Upstream, code: "rate_limited"},
	"AWS's 400":        {status: 400, body: `{"__type":"ThrottlingException","message":"Rate exceeded"}`, who: diagnose.Upstream, code: "rate_limited"},
	"Shopify's 430":    {status: 430, who: diagnose.Upstream, code: "rate_limited"},
}

var pages = map[string]provoked{
	"sign-in where JSON was due": {header: []string{"Content-Type", "text/html"}, body: "<!DOCTYPE html><html><head><title>Log in to Vendor</title></head></html>", who: diagnose.Account, code: "login_page", says: "Log in to Vendor"},
	"sign-in, as JSON was asked": {url: "https://www.vendor.test/things", header: []string{"Content-Type", "text/html"}, body: `<html><form action="/session"><input type="password"></form></html>`, facts: func(in *diagnose.Input) { in.Accept = "application/json" }, who: diagnose.Account, code: "login_page"},
	"maintenance":                {header: []string{"Content-Type", "text/html"}, body: "<html><title>Down for maintenance</title></html>", who: diagnose.Upstream, code: "maintenance"},
	"some page":                  {header: []string{"Content-Type", "text/html"}, body: `<!doctype html><div id="root"></div>`, who: diagnose.Unknown, code: "html_page"},
	"a bot check":                {status: 403, header: []string{"Content-Type", "text/html"}, body: "<!DOCTYPE html><title>Just a moment...</title><script>challenge</script>", who: diagnose.Upstream, code: "blocked"},
	"403 as a page":              {status: 403, header: []string{"Content-Type", "text/html"}, body: "<html><head><title>403 Forbidden</title></head></html>", who: diagnose.Unknown, code: "forbidden_page", key: "t"},
	"Connect's own gateway":      {status: 502, header: []string{"Content-Type", "text/html"}, body: "<html><title>api.pipedream.com | 502: Bad gateway</title></html>", who: diagnose.Connect, code: "connect_gateway"},
	"redirect to sign in":        {status: 302, header: []string{"Location", "https://vendor.test/login?next=/"}, who: diagnose.Account, code: "login_redirect", key: "L"},
	"region":                     {status: 400, body: `{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}`, who: diagnose.Upstream, code: "region"},
}

var refusals = map[string]provoked{
	"domain": {request: func(r *proxy.Request) { r.URL = "https://evil.test/" }, who: diagnose.Request, code: "connect_domain", key: "u"},
	"domain, with the ones that are": {
		app:     func(a *sandbox.App) { a.AllowedDomains = []string{"vendor.test"} },
		request: func(r *proxy.Request) { r.URL = "https://evil.test/" },
		facts: func(in *diagnose.Input) {
			in.App = &proxy.App{Connect: &proxy.AppConnect{AllowedDomains: []string{"vendor.test", "vendor.example"}}}
		},
		who: diagnose.Request, code: "connect_domain", says: "allowed: vendor.test, vendor.example",
	},
	"domain, where a field makes it": {
		request: func(r *proxy.Request) { r.URL = "https://evil.test/" },
		facts: func(in *diagnose.Input) {
			in.App = &proxy.App{Connect: &proxy.AppConnect{BaseURL: "https://(subdomain).vendor.test"}}
		},
		who: diagnose.Request, code: "connect_domain", says: "(subdomain).vendor.test",
	},
	"another user":        {account: func(a *sandbox.Account) { a.ExternalUserID = "u2" }, who: diagnose.Request, code: "connect_wrong_user", says: "under u2", key: "U"},
	"proxy off":           {app: func(a *sandbox.App) { a.ProxyOff = true }, who: diagnose.Setup, code: "connect_proxy_disabled"},
	"header":              {request: func(r *proxy.Request) { r.Header = []proxy.Field{{Name: "Cookie", Value: "a"}} }, who: diagnose.Request, code: "refused_here"},
	"URL":                 {app: func(a *sandbox.App) { a.BaseURL = "https://{{custom_fields.none}}.vendor.test" }, request: func(r *proxy.Request) { r.URL = "/v1" }, who: diagnose.Request, code: "connect_invalid_url"},
	"dead":                {account: func(a *sandbox.Account) { a.Dead, a.Error = true, "invalid_grant" }, who: diagnose.Account, code: "connect_dead", says: "invalid_grant", key: "L"},
	"token":               {options: func(o *proxy.Options) { o.AccessToken = "stale" }, who: diagnose.Setup, code: "connect_wrong_token"},
	"client":              {options: func(o *proxy.Options) { o.ClientSecret = "wrong" }, who: diagnose.Setup, code: "connect_wrong_client"},
	"unknown account":     {request: func(r *proxy.Request) { r.AccountID = "apn_none" }, who: diagnose.Setup, code: "connect_not_found", key: "E"},
	"wrong environment":   {account: func(a *sandbox.Account) { a.Environment = proxy.Production }, facts: func(in *diagnose.Input) { in.Elsewhere = []proxy.Environment{proxy.Production} }, who: diagnose.Setup, code: "connect_wrong_environment", says: "in production", key: "E"},
	"a near id":           {request: func(r *proxy.Request) { r.AccountID = "apn_I" }, facts: func(in *diagnose.Input) { in.Near = []string{"apn_1"} }, who: diagnose.Setup, code: "connect_near_id", says: `"apn_1"`, key: "A"},
	"wrong project":       {options: func(o *proxy.Options) { o.ProjectID = "proj_b" }, who: diagnose.Setup, code: "connect_not_found"},
	"throttled":           {config: func(c *sandbox.Config) { c.Project.RateLimit = 1; c.Now = func() time.Time { return noon } }, before: 1, options: at(noon), who: diagnose.Setup, code: "connect_throttled", says: "wait ", key: "r"},
	"body too large":      {method: "POST", config: func(c *sandbox.Config) { c.Project.MaxRequestBody = 3 }, request: func(r *proxy.Request) { r.Body, r.BodySize = strings.NewReader("hello"), 5 }, who: diagnose.Request, code: "connect_too_large"},
	"unreachable":         {config: func(c *sandbox.Config) { c.Vendors = nil; c.Apps[0].BaseURL = "http://127.0.0.1:1" }, request: func(r *proxy.Request) { r.URL = "/" }, who: diagnose.Upstream, code: "connect_unreachable", key: "u"},
	"too slow":            {config: slow, who: diagnose.Upstream, code: "connect_too_slow", says: "30 s"},
	"504 before its time": {config: slow, options: func(o *proxy.Options) { o.TrustMark = false }, facts: func(in *diagnose.Input) { in.Elapsed = 2 * time.Second }, who: diagnose.Unknown, code: "connect_gave_up", says: "after 2 s"},
	"504 in time":         {config: slow, options: func(o *proxy.Options) { o.TrustMark = false }, facts: func(in *diagnose.Input) { in.Elapsed = 30100 * time.Millisecond }, who: diagnose.Upstream, code: "connect_too_slow", says: "after 30 s"},
}

func slow(c *sandbox.Config) {
	c.Project.Timeout = 10 * time.Millisecond
	c.Apps[0].Fault.Delay = time.Minute
}

func at(now time.Time) func(*proxy.Options) {
	return func(o *proxy.Options) { o.Now = func() time.Time { return now } }
}

var network = map[string]provoked{
	"refused":    {options: func(o *proxy.Options) { o.BaseURL = "http://127.0.0.1:1" }, who: diagnose.Network, code: "network_connect", says: "nothing listens"},
	"no name":    {options: func(o *proxy.Options) { o.BaseURL, o.InsecureHTTP = "http://connectty.invalid", true }, who: diagnose.Network, code: "network_dns"},
	"no TLS":     {options: func(o *proxy.Options) { o.BaseURL = strings.Replace(o.BaseURL, "http:", "https:", 1) }, who: diagnose.Network, code: "network_tls", says: "does not speak TLS"},
	"dropped":    {app: func(a *sandbox.App) { a.Fault.Drop = true }, who: diagnose.Network, code: "network_wait", says: "whether api.vendor.test acted is not known", key: "r"},
	"cut off":    {app: func(a *sandbox.App) { a.Fault.Truncate = 3 }, body: `{"a":"hello"}`, who: diagnose.Unknown, code: "cut_off"},
	"timed out":  {app: func(a *sandbox.App) { a.Fault.Delay = time.Minute }, within: 100 * time.Millisecond, who: diagnose.Unknown, code: "timeout"},
	"not a URL":  {request: func(r *proxy.Request) { r.URL = "" }, who: diagnose.Request, code: "refused_here", says: "nothing was sent"},
	"a bad name": {request: func(r *proxy.Request) { r.Method = http.MethodGet + " " }, who: diagnose.Request, code: "refused_here"},
}
