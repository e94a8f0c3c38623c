package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/connectty/connectty/proxy"
)

// sourceHeader says who wrote an answer of the proxy: sandbox or upstream.
const sourceHeader = "X-Connectty-Source"

// proxyMark parts a proxy path from its encoded URL.
const proxyMark = "/proxy/"

// route finds what a path stands for. No ServeMux does it: that would answer an
// encoded URL with two slashes by a redirect (connect-api.md, "url_64").
func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	if project, encoded, ok := proxyPath(path); ok {
		w.Header().Set(sourceHeader, "sandbox")
		s.serveProxy(w, r, project, encoded)
		return
	}
	segments, err := split(path)
	switch {
	case err != nil:
		refuse(w, http.StatusNotFound, wordsNoRoute)
	case slices.Equal(segments, []string{"v1", "oauth", "token"}):
		if r.Method != http.MethodPost {
			refuse(w, http.StatusNotFound, wordsNoRoute)
			return
		}
		s.token(w, r)
	case r.Method == http.MethodGet && path == connectPage:
		s.servePage(w, r.URL.Query())
	default:
		s.api(w, r, segments)
	}
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
	if rest, isApps := appsPath(path); isApps {
		s.serveApps(w, r, rest)
		return
	}
	if s.serveGlobal(w, r, path, scopes) {
		return
	}
	if len(path) < 4 || path[0] != "v1" || path[1] != "connect" {
		if len(path) == 4 && path[2] == "projects" {
			s.serveProject(w, path[3])
			return
		}
		refuse(w, http.StatusNotFound, wordsNoRoute)
		return
	}
	if path[2] == "projects" {
		s.serveProject(w, path[3])
		return
	}
	if path[2] != s.cfg.Project.ID {
		refuse(w, http.StatusNotFound, wordsNotFound)
		return
	}
	env, ok := environment(r)
	if !ok {
		refuse(w, http.StatusBadRequest, wordsEnvironment)
		return
	}
	s.serveRecords(w, r, env, path[3:], scopes)
}

// appsPath recognises /v1/connect/apps… and the older /v1/apps….
func appsPath(path []string) (rest []string, ok bool) {
	switch {
	case len(path) >= 3 && path[0] == "v1" && path[1] == "connect" && path[2] == "apps":
		return path[3:], true
	case len(path) >= 2 && path[0] == "v1" && path[1] == "apps":
		return path[2:], true
	}
	return nil, false
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
func scopeOf(method, word string) string {
	switch word {
	case "tokens":
		return "connect:tokens:create"
	case "projects":
		return "connect:projects:read"
	}
	scope := "connect:accounts"
	if word == "users" {
		scope = "connect:users"
	}
	if method == http.MethodDelete {
		return scope + ":write"
	}
	return scope + ":read"
}

// serveRecords serves users, accounts and the project's apps. A word that is not
// known is no route.
func (s *Server) serveRecords(w http.ResponseWriter, r *http.Request, env proxy.Environment, path, scopes []string) {
	if !allows(scopes, scopeOf(r.Method, path[0])) {
		refuse(w, http.StatusForbidden, wordsForbidden)
		return
	}
	v := view{server: s, w: w, r: r, env: env}
	shape := r.Method + " " + path[0] + strings.Repeat("/*", len(path)-1)
	switch shape {
	case "GET users":
		v.listUsers()
	case "DELETE users/*":
		v.deleteUser(path[1])
	case "GET users/*/*":
		v.userAccounts(path[1], path[2])
	case "GET accounts":
		v.listAccounts()
	case "GET accounts/*":
		v.getAccount(path[1])
	case "DELETE accounts/*":
		v.deleteAccounts(func(a *account) bool { return a.ID == path[1] })
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
