package vendors

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

func itoa(n int) string { return strconv.Itoa(n) }

// slackTokens are the workspaces of the demo.
var slackTokens = keyring{
	"xoxb-acme":    {owner: "acme", scopes: []string{"chat:write", "channels:read", "channels:history", "users:read"}},
	"xoxb-globex":  {owner: "globex", scopes: []string{"chat:write", "users:read"}},
	"xoxb-initech": {owner: "initech", revoked: true},
	"xoxb-umbrella": {
		owner: "umbrella", scopes: []string{"chat:write", "channels:read", "users:read"}, limited: true,
	},
}

// slack answers failures with 200 and ok: false, as the real one does.
type slack struct {
	mint     *mint
	mux      *http.ServeMux
	mu       sync.Mutex
	posted   map[string][]slackMessage // by workspace and channel
	lastTime int64
}

type slackMessage struct {
	Type string `json:"type"`
	User string `json:"user"`
	Text string `json:"text"`
	TS   string `json:"ts"`
}

var slackChannels = []object{
	{"id": "C03NA8B4VA9", "name": "general", "is_channel": true, "is_member": true, "num_members": 42},
	{"id": "C03NA8B4VB0", "name": "support", "is_channel": true, "is_member": true, "num_members": 7},
	{"id": "C03NA8B4VC1", "name": "random", "is_channel": true, "is_member": false, "num_members": 39},
}

func newSlack() http.Handler {
	s := &slack{mint: newMint("xoxb-", slackTokens), mux: http.NewServeMux(), posted: map[string][]slackMessage{}}
	s.handle("auth.test", "", s.authTest)
	s.handle("conversations.list", "channels:read", s.conversations)
	s.handle("conversations.history", "channels:history", s.history)
	s.handle("chat.postMessage", "chat:write", s.post)
	s.handle("users.list", "users:read", s.users)
	s.mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { slackFail(w, "unknown_method") })
	return granting{s.mux, s.mint}
}

// handle serves one method of the API under /api/, for those who have the scope.
func (s *slack) handle(method, scope string, serve func(http.ResponseWriter, *http.Request, grant)) {
	s.mux.HandleFunc("/api/"+method, func(w http.ResponseWriter, r *http.Request) {
		g, ok := s.mint.bearer(r)
		switch {
		case r.Header.Get("Authorization") == "":
			slackFail(w, "not_authed")
		case !ok && g.revoked:
			slackFail(w, "token_revoked")
		case !ok:
			slackFail(w, "invalid_auth")
		case g.limited && method != "auth.test":
			w.Header().Set("Retry-After", "30")
			reply(w, http.StatusTooManyRequests, object{"ok": false, "error": "ratelimited"})
		case scope != "" && !g.may(scope):
			w.Header().Set("X-Oauth-Scopes", strings.Join(g.scopes, ","))
			reply(w, http.StatusOK, object{
				"ok": false, "error": "missing_scope", "needed": scope, "provided": strings.Join(g.scopes, ","),
			})
		default:
			serve(w, r, g)
		}
	})
}

func slackFail(w http.ResponseWriter, code string) {
	reply(w, http.StatusOK, object{"ok": false, "error": code})
}

func (s *slack) authTest(w http.ResponseWriter, _ *http.Request, g grant) {
	reply(w, http.StatusOK, object{
		"ok": true, "url": "https://" + g.owner + ".slack.com/", "team": title(g.owner), "user": g.owner + "-bot",
		"team_id": "T" + strings.ToUpper(g.owner), "user_id": "U0" + strings.ToUpper(g.owner), "bot_id": "B01", "is_enterprise_install": false,
	})
}

func title(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func (s *slack) conversations(w http.ResponseWriter, r *http.Request, _ grant) {
	channels, next := page(slackChannels, r.FormValue("limit"), r.FormValue("cursor"))
	reply(w, http.StatusOK, object{
		"ok": true, "channels": channels, "response_metadata": object{"next_cursor": next},
	})
}

func (s *slack) history(w http.ResponseWriter, r *http.Request, g grant) {
	channel := r.FormValue("channel")
	if !knownChannel(channel) {
		slackFail(w, "channel_not_found")
		return
	}
	s.mu.Lock()
	messages := slices.Clone(s.posted[g.owner+"/"+channel])
	s.mu.Unlock()
	slices.Reverse(messages) // newest first
	if messages == nil {
		messages = []slackMessage{}
	}
	reply(w, http.StatusOK, object{"ok": true, "messages": messages, "has_more": false})
}

func (s *slack) post(w http.ResponseWriter, r *http.Request, g grant) {
	if r.Method != http.MethodPost {
		slackFail(w, "invalid_request_method")
		return
	}
	body, err := fields(r)
	switch {
	case err != nil:
		slackFail(w, "invalid_json")
		return
	case body["channel"] == "" || !knownChannel(body["channel"]):
		slackFail(w, "channel_not_found")
		return
	case body["text"] == "":
		slackFail(w, "no_text")
		return
	}
	m := s.keep(g.owner+"/"+body["channel"], slackMessage{
		Type: "message", User: "U0" + strings.ToUpper(g.owner), Text: body["text"],
	})
	reply(w, http.StatusOK, object{"ok": true, "channel": body["channel"], "ts": m.TS, "message": m})
}

// keep stores a message under a time stamp of its own.
func (s *slack) keep(where string, m slackMessage) slackMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastTime = max(s.lastTime+1, time.Now().UnixMicro())
	m.TS = fmt.Sprintf("%d.%06d", s.lastTime/1e6, s.lastTime%1e6)
	s.posted[where] = append(s.posted[where], m)
	return m
}

func (s *slack) users(w http.ResponseWriter, _ *http.Request, g grant) {
	var members []object
	for _, name := range slices.Sorted(maps.Keys(map[string]bool{"ada": true, "grace": true, g.owner + "-bot": true})) {
		members = append(members, object{"id": "U0" + strings.ToUpper(name), "name": name, "deleted": false})
	}
	reply(w, http.StatusOK, object{"ok": true, "members": members, "response_metadata": object{"next_cursor": ""}})
}

func knownChannel(id string) bool {
	return slices.ContainsFunc(slackChannels, func(c object) bool { return c["id"] == id || "#"+c["name"].(string) == id })
}
