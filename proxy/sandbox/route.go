package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/connectty/connectty/proxy"
)

// sourceHeader says who wrote an answer of the proxy: sandbox or upstream.
const sourceHeader = "X-Connectty-Source"

// proxyMark parts a proxy path from its encoded URL.
const proxyMark = "/proxy/"

// route finds what a path stands for. No ServeMux does it: that would answer an
// encoded URL with two slashes by a redirect (connect-api.md, "url_64").
func (s *Server) route(w *recorder, r *http.Request) {
	if preflight(r) {
		w.WriteHeader(http.StatusNoContent) // without a word of CORS: browsers then stay away
		return
	}
	path := r.URL.EscapedPath()
	if project, encoded, ok := proxyPath(path); ok {
		w.Header().Set(sourceHeader, "sandbox")
		s.serveProxy(w, r, project, encoded)
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime))
	segments, err := split(path)
	switch {
	case err != nil:
		refuse(w, http.StatusNotFound, wordsNoRoute)
	case slices.Equal(segments, []string{"v1", "oauth", "token"}) && r.Method == http.MethodPost:
		s.token(w, r)
	case len(segments) > 0 && segments[0] == pageFolder:
		s.servePage(w, r, segments[1:])
	default:
		s.api(w, r, segments)
	}
}

// preflight reports a browser's question whether a page may call: none may, and
// it is no call for an upstream (connect-api.md, section 10).
func preflight(r *http.Request) bool {
	return r.Method == http.MethodOptions && r.Header.Get("Origin") != "" && r.Header.Get("Access-Control-Request-Method") != ""
}

// proxyPath splits /v1/connect/{project}/proxy/{url_64}.
func proxyPath(path string) (project, encoded string, ok bool) {
	rest, ok := strings.CutPrefix(path, "/v1/connect/")
	if !ok {
		return "", "", false
	}
	project, encoded, ok = strings.Cut(rest, proxyMark)
	return project, encoded, ok && project != "" && !strings.Contains(project, "/")
}

// split returns a path's segments; a slash at the end and doubled ones count as
// none (connect-api.md, section 10).
func split(path string) ([]string, error) {
	var out []string
	for part := range strings.SplitSeq(path, "/") {
		if part == "" {
			continue
		}
		plain, err := url.PathUnescape(part)
		if err != nil {
			return nil, err
		}
		out = append(out, plain)
	}
	return out, nil
}

// api serves what needs a token and is no proxied call.
func (s *Server) api(w http.ResponseWriter, r *http.Request, path []string) {
	scopes, ok := s.bearer(r)
	if !ok {
		refuse(w, http.StatusUnauthorized, wordsUnauthorized)
		return
	}
	if len(path) < 2 || path[0] != "v1" {
		if r.Method == http.MethodGet && slices.Equal(path, []string{"_sandbox", "calls"}) {
			s.serveCalls(w)
			return
		}
		refuse(w, http.StatusNotFound, wordsNoRoute)
		return
	}
	rest := path[1:]
	if rest[0] == "connect" { // older pages have some paths without it
		rest = rest[1:]
	}
	if len(rest) > 0 && s.serveGlobal(w, r, rest, scopes) {
		return
	}
	if path[1] != "connect" || len(rest) < 2 {
		refuse(w, http.StatusNotFound, wordsNoRoute)
		return
	}
	s.serveRecords(w, r, rest[0], rest[1:], scopes)
}

// serveGlobal serves the paths that name no project as their first word; false
// where it knows none.
func (s *Server) serveGlobal(w http.ResponseWriter, r *http.Request, path, scopes []string) bool {
	shape := r.Method + " " + path[0] + strings.Repeat("/*", len(path)-1)
	var scope string
	var serve func()
	switch {
	case path[0] == "apps":
		serve = func() { s.serveApps(w, r, path[1:]) }
	case shape == "GET app_categories":
		serve = func() { s.serveCategories(w, "") }
	case shape == "GET app_categories/*":
		serve = func() { s.serveCategories(w, path[1]) }
	case shape == "GET usage":
		scope, serve = "connect:usage:read", func() { s.serveUsage(w, r.URL.Query()) }
	case shape == "GET tokens/*/*" && path[2] == "validate":
		serve = func() { s.validateToken(w, r, path[1]) }
	case shape == "GET projects/*":
		scope, serve = "connect:projects:read", func() { s.serveProject(w, path[1]) }
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

// bearer checks the access token.
func (s *Server) bearer(r *http.Request) (scopes []string, ok bool) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, false
	}
	return s.tokens.check(strings.TrimSpace(token))
}

// environment reads the header that every project path needs.
func environment(r *http.Request) (proxy.Environment, bool) {
	env := proxy.Environment(r.Header.Get("X-Pd-Environment"))
	return env, env == proxy.Development || env == proxy.Production
}

// scopeOf names the scope that a call needs.
func scopeOf(method string, path []string) string {
	switch path[0] {
	case "tokens":
		return "connect:tokens:create"
	case "projects":
		return "connect:projects:read"
	}
	scope := "connect:accounts"
	if path[0] == "users" && len(path) < 3 { // users/{id}/accounts are accounts
		scope = "connect:users"
	}
	if method != http.MethodGet {
		return scope + ":write"
	}
	return scope + ":read"
}

// serveRecords serves users, accounts and the project's apps. A word that is not
// known is no route.
func (s *Server) serveRecords(w http.ResponseWriter, r *http.Request, project string, path, scopes []string) {
	env, ok := environment(r)
	switch {
	case project != s.cfg.Project.ID:
		refuse(w, http.StatusNotFound, wordsNotFound)
		return
	case !ok:
		refuse(w, http.StatusBadRequest, wordsEnvironment)
		return
	case !allows(scopes, scopeOf(r.Method, path)):
		refuse(w, http.StatusForbidden, wordsForbidden)
		return
	}
	v := view{server: s, w: w, r: r, env: env}
	switch r.Method + " " + path[0] + strings.Repeat("/*", len(path)-1) {
	case "GET users":
		v.listUsers()
	case "DELETE users/*":
		v.deleteUser(path[1])
	case "GET users/*/*":
		v.userAccounts(path[1], path[2])
	case "GET accounts":
		v.listAccounts()
	case "POST accounts":
		v.connectKeys()
	case "GET accounts/*":
		v.getAccount(path[1])
	case "DELETE accounts/*":
		v.deleted(s.book.remove(env, func(a *account) bool { return a.ID == path[1] }) > 0)
	case "DELETE apps/*/*", "DELETE accounts/*/*":
		v.deleteAppAccounts(path)
	case "POST tokens":
		v.makeToken()
	case "GET projects/*":
		v.projectInfo(path[1])
	default:
		refuse(w, http.StatusNotFound, wordsNoRoute)
	}
}
