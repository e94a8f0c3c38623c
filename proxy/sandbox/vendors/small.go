package vendors

import (
	"encoding/json"
	"net/http"
	"strings"
)

// newNotion demands its version header of the caller, as the real one does.
func newNotion() http.Handler {
	tokens := newMint("ntn-", keyring{"ntn-acme": {owner: "Acme wiki"}, "ntn-jane": {owner: "Jane's notes"}})
	mux := http.NewServeMux()
	fail := func(w http.ResponseWriter, status int, code, message string) {
		reply(w, status, object{"object": "error", "status": status, "code": code, "message": message})
	}
	mux.HandleFunc("/v1/", func(w http.ResponseWriter, r *http.Request) {
		g, ok := tokens.bearer(r)
		switch {
		case !ok:
			fail(w, http.StatusUnauthorized, "unauthorized", "API token is invalid.")
		case r.Header.Get("Notion-Version") == "":
			fail(w, http.StatusBadRequest, "missing_version", "Notion-Version header failed validation: Notion-Version header should be defined, instead was `undefined`.")
		case r.URL.Path == "/v1/users/me":
			reply(w, http.StatusOK, object{"object": "user", "id": "b0e6", "type": "bot", "name": g.owner})
		case r.URL.Path == "/v1/search" && r.Method == http.MethodPost:
			reply(w, http.StatusOK, object{"object": "list", "results": []object{
				{"object": "page", "id": "p1", "url": "https://www.notion.so/p1"},
			}, "has_more": false, "next_cursor": nil})
		default:
			fail(w, http.StatusNotFound, "object_not_found", "Could not find "+r.URL.Path)
		}
	})
	return granting{mux, tokens}
}

// newTelegram reads its token from the path: /bot{token}/method.
func newTelegram() http.Handler {
	tokens := keyring{"7001:acme": {owner: "acme_bot"}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rest, isBot := strings.CutPrefix(r.URL.Path, "/bot")
		token, method, _ := strings.Cut(rest, "/")
		g, ok := tokens[token]
		switch {
		case !isBot || !ok:
			reply(w, http.StatusUnauthorized, object{"ok": false, "error_code": 401, "description": "Unauthorized"})
		case method == "getMe":
			reply(w, http.StatusOK, object{"ok": true, "result": object{"id": 7001, "is_bot": true, "first_name": "Acme", "username": g.owner}})
		default:
			reply(w, http.StatusNotFound, object{"ok": false, "error_code": 404, "description": "Not Found"})
		}
	})
}

// newGemini reads its key from the query.
func newGemini() http.Handler {
	keys := keyring{"gem-acme": {owner: "acme"}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, ok := keys[r.URL.Query().Get("key")]
		switch {
		case !ok:
			googleFail(w, http.StatusBadRequest, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.")
		case r.URL.Path == "/v1beta/models":
			reply(w, http.StatusOK, object{"models": []object{
				{"name": "models/gemini-demo", "displayName": "Gemini demo", "inputTokenLimit": 32768},
			}})
		default:
			googleFail(w, http.StatusNotFound, "NOT_FOUND", "Requested entity was not found.")
		}
	})
}

func googleFail(w http.ResponseWriter, status int, code, message string) {
	reply(w, status, object{"error": object{"code": status, "message": message, "status": code}})
}

// newDatadog takes two keys, each in a header of its own.
func newDatadog() http.Handler {
	api, app := keyring{"dd-api-acme": {owner: "acme"}}, keyring{"dd-app-acme": {owner: "acme"}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, hasAPI := api.header(r, "Dd-Api-Key")
		_, hasApp := app.header(r, "Dd-Application-Key")
		switch {
		case !hasAPI:
			reply(w, http.StatusForbidden, object{"errors": []string{"Forbidden"}})
		case r.URL.Path == "/api/v1/validate":
			reply(w, http.StatusOK, object{"valid": true})
		case !hasApp:
			reply(w, http.StatusForbidden, object{"errors": []string{"Forbidden", "an application key is required"}})
		case r.URL.Path == "/api/v1/monitor":
			reply(w, http.StatusOK, []object{{"id": 1, "name": "p99 latency", "overall_state": "OK"}})
		default:
			reply(w, http.StatusNotFound, object{"errors": []string{"Not found"}})
		}
	})
}

// newTwilio takes Basic with the account's SID as user.
func newTwilio() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sid, secret, _ := r.BasicAuth()
		switch {
		case sid != "ACdemo" || secret != "tw-acme":
			reply(w, http.StatusUnauthorized, object{"code": 20003, "message": "Authenticate", "more_info": "https://www.twilio.com/docs/errors/20003", "status": 401})
		case r.URL.Path == "/2010-04-01/Accounts.json":
			reply(w, http.StatusOK, object{"accounts": []object{{"sid": sid, "friendly_name": "Acme", "status": "active", "type": "Trial"}}, "page": 0})
		case r.URL.Path == "/2010-04-01/Accounts/ACdemo.json":
			reply(w, http.StatusOK, object{"sid": sid, "friendly_name": "Acme", "status": "active", "type": "Trial"})
		default:
			reply(w, http.StatusNotFound, object{"code": 20404, "message": "The requested resource " + r.URL.Path + " was not found", "status": 404})
		}
	})
}

// newLinear takes its key bare, and puts GraphQL errors into a 200.
func newLinear() http.Handler {
	keys := keyring{"lin_acme": {owner: "Acme"}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g, ok := keys.header(r, "Authorization")
		if !ok {
			reply(w, http.StatusUnauthorized, object{"errors": []object{{"message": "Authentication required, not authenticated", "extensions": object{"code": "AUTHENTICATION_ERROR"}}}})
			return
		}
		var body struct {
			Query string `json:"query"`
		}
		if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxBody)).Decode(&body); err != nil || body.Query == "" {
			reply(w, http.StatusBadRequest, object{"errors": []object{{"message": "POST body missing, invalid Content-Type, or JSON object has no keys."}}})
			return
		}
		if !strings.Contains(body.Query, "viewer") {
			reply(w, http.StatusOK, object{"data": nil, "errors": []object{{"message": "Cannot query that field on type \"Query\".", "extensions": object{"code": "GRAPHQL_VALIDATION_FAILED"}}}})
			return
		}
		reply(w, http.StatusOK, object{"data": object{"viewer": object{"id": "u1", "name": g.owner}}})
	})
}

// newHubSpot shows an account that is over its own limit.
func newHubSpot() http.Handler {
	tokens := newMint("hub-", keyring{"hub-globex": {owner: "globex"}, "hub-busy": {owner: "busy", limited: true}, "hub-old": {owner: "old", revoked: true}})
	return granting{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g, ok := tokens.bearer(r)
		switch {
		case !ok:
			reply(w, http.StatusUnauthorized, object{"status": "error", "message": "The OAuth token used to make this call expired 5 hours ago.", "category": "EXPIRED_AUTHENTICATION"})
		case g.limited:
			w.Header().Set("Retry-After", "10")
			reply(w, http.StatusTooManyRequests, object{"status": "error", "message": "You have reached your ten_secondly_rolling limit.", "errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"})
		case r.URL.Path == "/account-info/v3/details":
			reply(w, http.StatusOK, object{"portalId": 62515, "accountType": "STANDARD", "timeZone": "US/Eastern", "uiDomain": "app.hubspot.com"})
		case r.URL.Path == "/crm/v3/objects/contacts":
			reply(w, http.StatusOK, object{"results": []object{{"id": "1", "properties": object{"email": "ada@globex.io", "firstname": "Ada"}}}})
		default:
			reply(w, http.StatusNotFound, object{"status": "error", "message": "resource not found"})
		}
	}), tokens}
}

// newOpenAI lists models to a key that is good.
func newOpenAI() http.Handler {
	keys := keyring{"sk-acme": {owner: "acme"}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, ok := keys.bearer(r)
		switch {
		case !ok:
			reply(w, http.StatusUnauthorized, object{"error": object{"message": "Incorrect API key provided.", "type": "invalid_request_error", "param": nil, "code": "invalid_api_key"}})
		case r.URL.Path == "/v1/models":
			reply(w, http.StatusOK, object{"object": "list", "data": []object{{"id": "gpt-demo", "object": "model", "owned_by": "demo"}}})
		default:
			reply(w, http.StatusNotFound, object{"error": object{"message": "Unknown request URL: " + r.Method + " " + r.URL.Path, "type": "invalid_request_error"}})
		}
	})
}
