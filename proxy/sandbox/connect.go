package sandbox

import (
	"cmp"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/connectty/connectty/proxy"
)

// connectToken lets an end user connect one account (connect-api.md, section 3).
type connectToken struct {
	user       string
	env        proxy.Environment
	expires    time.Time
	used       bool
	successURL string // where the page leads afterwards; empty for a page of ours
	errorURL   string
}

// connectTokens are the tokens that were made and have not expired.
type connectTokens struct {
	mu    sync.Mutex
	made  map[string]connectToken
	flows map[string]flow // OAuth flows that are under way, by their state
}

const (
	// connectLife is both the default and the most, in seconds.
	connectLife = 4 * 60 * 60
	// mostTokens bounds how many are kept; the ones that end first go first.
	mostTokens = 10_000
)

// keep stores a token, and drops those that have expired.
func (c *connectTokens) keep(value string, t connectToken, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.made == nil {
		c.made = map[string]connectToken{}
	}
	if len(c.made) >= mostTokens {
		maps.DeleteFunc(c.made, func(_ string, old connectToken) bool { return !now.Before(old.expires) })
	}
	if len(c.made) >= mostTokens {
		for old := range c.made { // any one: ten thousand live links are a test's
			delete(c.made, old)
			break
		}
	}
	c.made[value] = t
}

// live returns a token that can still be used.
func (c *connectTokens) live(value string, now time.Time) (connectToken, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, ok := c.made[value]
	return t, ok && !t.used && now.Before(t.expires)
}

// use takes a token out of service; false where it was not live any more.
func (c *connectTokens) use(value string, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, ok := c.made[value]
	if !ok || t.used || !now.Before(t.expires) {
		return false
	}
	t.used = true
	c.made[value] = t
	return true
}

// randomHex returns so many random bytes as text.
func randomHex(n int) string {
	raw := make([]byte, n)
	_, _ = rand.Read(raw) // never fails
	return hex.EncodeToString(raw)
}

// readJSON reads a body of limited length.
func readJSON(w http.ResponseWriter, r *http.Request, v any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxTokenBody))
	return err == nil && json.Unmarshal(body, v) == nil
}

type tokenRecord struct {
	Token     string `json:"token"`
	ExpiresAt string `json:"expires_at"`
	Link      string `json:"connect_link_url"`
}

// makeToken serves POST tokens.
func (v view) makeToken() {
	var asked struct {
		User    string `json:"external_user_id"`
		Older   string `json:"external_id"` // as SDK 1.x names it
		Seconds int64  `json:"expires_in"`
		Success string `json:"success_redirect_uri"`
		Error   string `json:"error_redirect_uri"`
	}
	if !readJSON(v.w, v.r, &asked) {
		refuse(v.w, http.StatusBadRequest, "the body is no JSON object")
		return
	}
	external := cmp.Or(asked.User, asked.Older)
	switch {
	case external == "":
		refuse(v.w, http.StatusBadRequest, "external_user_id is required")
		return
	case len([]rune(external)) > longestUserID:
		refuse(v.w, http.StatusBadRequest, "external_user_id is too long (maximum is 250 characters)")
		return
	case asked.Seconds < 0 || asked.Seconds > connectLife:
		refuse(v.w, http.StatusBadRequest, "expires_in must be at most 14400")
		return
	case !redirectable(asked.Success) || !redirectable(asked.Error):
		refuse(v.w, http.StatusBadRequest, "a redirect URI must be an absolute http or https URL")
		return
	}
	now := v.server.cfg.Now()
	expires := now.Add(time.Duration(cmp.Or(asked.Seconds, connectLife)) * time.Second)
	value := "ctok_" + randomHex(16)
	v.server.connect.keep(value, connectToken{
		user: external, env: v.env, expires: expires, successURL: asked.Success, errorURL: asked.Error,
	}, now)
	v.server.book.invite(v.env, external, now)
	answer(v.w, http.StatusOK, tokenRecord{value, stamp(expires), origin(v.r) + connectPage + "?token=" + value + "&connectLink=true"})
}

// longestUserID is Connect's limit, in characters.
const longestUserID = 250

// redirectable reports a URI that a page may lead to, or none.
func redirectable(uri string) bool {
	u, err := url.Parse(uri)
	return uri == "" || err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
}

type validated struct {
	Success     bool              `json:"success"`
	ProjectID   string            `json:"project_id"`
	Environment proxy.Environment `json:"project_environment"`
	AppName     string            `json:"project_app_name"`
	User        string            `json:"external_user_id"`
	App         json.RawMessage   `json:"app,omitempty"`
	OAuthApp    string            `json:"oauth_app_id,omitempty"`
	SuccessURI  *string           `json:"success_redirect_uri"`
	ErrorURI    *string           `json:"error_redirect_uri"`
}

// validateToken serves GET tokens/{token}/validate.
func (s *Server) validateToken(w http.ResponseWriter, r *http.Request, value string) {
	t, ok := s.connect.live(value, s.cfg.Now())
	if !ok {
		refuse(w, http.StatusNotFound, wordsNotFound)
		return
	}
	q := r.URL.Query()
	out := validated{
		Success: true, ProjectID: s.cfg.Project.ID, Environment: t.env, AppName: s.cfg.Project.Name, User: t.user,
		SuccessURI: nullable(t.successURL), ErrorURI: nullable(t.errorURL), OAuthApp: q.Get("oauth_app_id"),
	}
	if app := s.named(q.Get("app_id")); app != nil {
		out.App = app.record
	}
	answer(w, http.StatusOK, out)
}

// connectKeys serves POST accounts: a keys account of what a connect token's
// holder typed in.
func (v view) connectKeys() {
	var asked struct {
		App       string `json:"app_slug"`
		Fields    string `json:"cfmap_json"` // JSON inside a string
		Token     string `json:"connect_token"`
		Name      string `json:"name"`
		AccountID string `json:"account_id"`
	}
	if !readJSON(v.w, v.r, &asked) {
		refuse(v.w, http.StatusBadRequest, "the body is no JSON object")
		return
	}
	now := v.server.cfg.Now()
	t, live := v.server.connect.live(asked.Token, now)
	app := v.server.named(asked.App)
	fields := map[string]string{}
	switch {
	case !live || t.env != v.env:
		refuse(v.w, http.StatusBadRequest, "connect_token is invalid or has expired")
	case app == nil:
		refuse(v.w, http.StatusBadRequest, "app_slug is required")
	case app.AuthType == authOAuth:
		refuse(v.w, http.StatusBadRequest, "an OAuth app is connected by its link")
	case json.Unmarshal([]byte(cmp.Or(asked.Fields, "{}")), &fields) != nil:
		refuse(v.w, http.StatusBadRequest, "cfmap_json is no JSON object of texts")
	case !v.server.connect.use(asked.Token, now):
		refuse(v.w, http.StatusBadRequest, "connect_token is invalid or has expired")
	default:
		a := v.server.connected(t, app, asked.AccountID, Account{Name: asked.Name, Credentials: literal(fields)})
		answer(v.w, http.StatusOK, v.account(a))
	}
}

// literal keeps typed values from being read as places: who fills in env:HOME
// means these letters.
func literal(fields map[string]string) map[string]string {
	out := map[string]string{}
	for name, value := range fields {
		if strings.HasPrefix(value, inEnv) || strings.HasPrefix(value, inKeyring) || strings.HasPrefix(value, inLiteral) {
			value = inLiteral + value
		}
		out[name] = value
	}
	return out
}

// connected stores what a person connected: over the account of an id, if it is
// that user's and of that app, else as a new one.
func (s *Server) connected(t connectToken, app *app, id string, with Account) *account {
	now := s.cfg.Now()
	fresh := func(a *account) bool {
		a.Credentials = maps.Clone(with.Credentials)
		a.AuthorizedScopes, a.ExpiresAt = with.AuthorizedScopes, with.ExpiresAt
		a.Name = cmp.Or(with.Name, a.Name)
		a.Unhealthy, a.Dead, a.Error = false, false, ""
		a.refreshed = lastRefresh(app, now)
		return true
	}
	if old := s.book.find(t.env, id); old != nil && old.ExternalUserID == t.user && old.App == app.Slug {
		if a, ok := s.book.change(t.env, id, now, fresh); ok {
			return a
		}
	}
	a := &account{
		Account: Account{ID: "apn_" + randomHex(5), App: app.Slug, ExternalUserID: t.user, Environment: t.env},
		made:    now, updated: now, kept: true,
	}
	fresh(a)
	s.book.add(a)
	return a
}
