package sandbox

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/connectty/connectty/proxy"
)

// connectToken lets an end user connect an account (connect-api.md, section 3).
type connectToken struct {
	user    string
	env     proxy.Environment
	made    time.Time
	expires time.Time
}

// connectLife is both the default and the most, in seconds.
const connectLife = 4 * 60 * 60

// connectPage is where the link of a connect token leads.
const connectPage = "/_static/connect.html"

// makeToken serves POST tokens.
func (v view) makeToken() {
	var asked struct {
		User    string `json:"external_user_id"`
		Older   string `json:"external_id"` // as SDK 1.x names it
		Seconds int64  `json:"expires_in"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(v.w, v.r.Body, maxTokenBody)).Decode(&asked); err != nil {
		refuse(v.w, http.StatusBadRequest, "the body is no JSON object")
		return
	}
	user := cmp.Or(asked.User, asked.Older)
	if user == "" {
		refuse(v.w, http.StatusBadRequest, "external_user_id is required")
		return
	}
	if asked.Seconds < 0 || asked.Seconds > connectLife {
		refuse(v.w, http.StatusBadRequest, "expires_in must be at most 14400")
		return
	}
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails
	token := "ctok_" + hex.EncodeToString(random[:])
	now := v.server.cfg.Now()
	made := connectToken{user, v.env, now, now.Add(time.Duration(cmp.Or(asked.Seconds, connectLife)) * time.Second)}
	v.server.mu.Lock()
	v.server.links[token] = made
	v.server.mu.Unlock()
	answer(v.w, http.StatusOK, object{
		"token": token, "expires_at": stamp(made.expires),
		"connect_link_url": origin(v.r) + connectPage + "?token=" + token + "&connectLink=true",
	})
}

// connectToken returns a connect token that is still good.
func (s *Server) connectToken(token string) (connectToken, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.links[token]
	return t, ok && s.cfg.Now().Before(t.expires)
}

func (s *Server) validateToken(w http.ResponseWriter, token string) {
	t, ok := s.connectToken(token)
	if !ok {
		refuse(w, http.StatusNotFound, wordsNotFound)
		return
	}
	answer(w, http.StatusOK, object{
		"success": true, "project_id": s.cfg.Project.ID, "project_environment": t.env, "external_user_id": t.user,
	})
}

// servePage is the page of a connect link. It needs no token but the link's own,
// and connects nothing yet: it says for whom and what the link is.
func (s *Server) servePage(w http.ResponseWriter, q url.Values) {
	t, ok := s.connectToken(q.Get("token"))
	if !ok {
		refuse(w, http.StatusNotFound, wordsNotFound)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'")
	_, _ = fmt.Fprintf(w, "<!doctype html><title>connectty sandbox</title><p>Here %s (%s) would connect %s.</p>\n",
		html.EscapeString(t.user), t.env, html.EscapeString(cmp.Or(q.Get("app"), "an app")))
}

// serveUsage counts one credit for each forwarded call inside the window.
func (s *Server) serveUsage(w http.ResponseWriter, q url.Values) {
	start, err := strconv.ParseInt(q.Get("start_ts"), 10, 64)
	end, endErr := strconv.ParseInt(q.Get("end_ts"), 10, 64)
	if err != nil || endErr != nil || start < 0 || end < start {
		refuse(w, http.StatusBadRequest, "invalid timestamps")
		return
	}
	credits := 0
	s.mu.Lock()
	for _, at := range s.forwarded {
		if at >= start && at <= end {
			credits++
		}
	}
	s.mu.Unlock()
	answer(w, http.StatusOK, object{"data": []object{{
		"credits_used": credits, "action_run_credits_used": 0, "proxy_credits_used": credits,
		"source_emit_credits_used": 0, "usage_start_ts": start, "usage_end_ts": end,
	}}})
}

// serveGlobal serves the paths that name no project; false where it knows none.
func (s *Server) serveGlobal(w http.ResponseWriter, r *http.Request, path []string, scopes []string) bool {
	if len(path) < 3 || path[0] != "v1" || path[1] != "connect" {
		return false
	}
	var serve func()
	scope := ""
	switch rest := path[2:]; {
	case r.Method != http.MethodGet:
		return false
	case len(rest) == 1 && rest[0] == "usage":
		serve, scope = func() { s.serveUsage(w, r.URL.Query()) }, "connect:usage:read"
	case len(rest) == 1 && rest[0] == "app_categories":
		serve = func() { answer(w, http.StatusOK, []object{}) } // the file names none
	case len(rest) == 2 && rest[0] == "app_categories":
		serve = func() { refuse(w, http.StatusNotFound, wordsNotFound) }
	case len(rest) == 3 && rest[0] == "tokens" && rest[2] == "validate":
		serve = func() { s.validateToken(w, rest[1]) }
	default:
		return false
	}
	if scope != "" && !allows(scopes, scope) {
		refuse(w, http.StatusForbidden, wordsForbidden)
		return true
	}
	serve()
	return true
}
