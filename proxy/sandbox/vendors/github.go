package vendors

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

var githubTokens = keyring{
	"gho_acme":   {owner: "acme-bot", scopes: []string{"repo", "read:user"}},
	"gho_jane":   {owner: "jane", scopes: []string{"read:user"}},
	"gho_old":    {owner: "hooli-ci", revoked: true},
	"gho_globex": {owner: "globex-dev", scopes: []string{"repo", "read:user"}},
}

type github struct {
	mint   *mint
	mux    *http.ServeMux
	mu     sync.Mutex
	issues map[string][]object // by repository
}

func newGitHub() http.Handler {
	g := &github{mint: newMint("gho_", githubTokens), mux: http.NewServeMux(), issues: map[string][]object{}}
	g.handle("GET /user", g.user)
	g.handle("GET /user/repos", g.repos)
	g.handle("GET /repos/{owner}/{repo}/issues", g.list)
	g.handle("POST /repos/{owner}/{repo}/issues", g.open)
	g.handle("/", func(w http.ResponseWriter, _ *http.Request, _ grant) { githubFail(w, http.StatusNotFound, "Not Found") })
	return granting{g.mux, g.mint}
}

// handle serves a route to callers with a credential and, as the real API
// demands, a User-Agent.
func (g *github) handle(route string, serve func(http.ResponseWriter, *http.Request, grant)) {
	g.mux.HandleFunc(route, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Github-Request-Id", "DEMO:1")
		if r.UserAgent() == "" {
			githubFail(w, http.StatusForbidden, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.")
			return
		}
		who, ok := g.mint.bearer(r)
		if !ok {
			githubFail(w, http.StatusUnauthorized, "Bad credentials")
			return
		}
		w.Header().Set("X-Oauth-Scopes", strings.Join(who.scopes, ", "))
		serve(w, r, who)
	})
}

func githubFail(w http.ResponseWriter, status int, message string) {
	reply(w, status, object{
		"message": message, "documentation_url": "https://docs.github.com/rest", "status": fmt.Sprint(status),
	})
}

func (g *github) user(w http.ResponseWriter, _ *http.Request, who grant) {
	reply(w, http.StatusOK, object{
		"login": who.owner, "id": 1, "type": "User", "name": title(who.owner), "public_repos": 2,
		"html_url": "https://github.com/" + who.owner,
	})
}

func (g *github) repos(w http.ResponseWriter, _ *http.Request, who grant) {
	var repos []object
	for i, name := range []string{"website", "billing"} {
		repos = append(repos, object{
			"id": i + 1, "name": name, "full_name": who.owner + "/" + name, "private": name == "billing",
			"owner": object{"login": who.owner}, "open_issues_count": len(g.of(who.owner + "/" + name)),
		})
	}
	reply(w, http.StatusOK, repos)
}

func (g *github) of(repo string) []object {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]object{}, g.issues[repo]...)
}

// repo names the repository of a request, or answers that there is none: a
// stranger's looks the same as one that does not exist.
func (g *github) repo(w http.ResponseWriter, r *http.Request, who grant) (string, bool) {
	if r.PathValue("owner") != who.owner || !who.may("repo") {
		githubFail(w, http.StatusNotFound, "Not Found")
		return "", false
	}
	return who.owner + "/" + r.PathValue("repo"), true
}

func (g *github) list(w http.ResponseWriter, r *http.Request, who grant) {
	if repo, ok := g.repo(w, r, who); ok {
		reply(w, http.StatusOK, g.of(repo))
	}
}

func (g *github) open(w http.ResponseWriter, r *http.Request, who grant) {
	repo, ok := g.repo(w, r, who)
	if !ok {
		return
	}
	body, err := fields(r)
	if err != nil {
		githubFail(w, http.StatusBadRequest, "Problems parsing JSON")
		return
	}
	if body["title"] == "" {
		reply(w, http.StatusUnprocessableEntity, object{
			"message": "Validation Failed",
			"errors":  []object{{"resource": "Issue", "field": "title", "code": "missing_field"}},
		})
		return
	}
	g.mu.Lock()
	issue := object{
		"number": len(g.issues[repo]) + 1, "title": body["title"], "body": body["body"], "state": "open",
		"user": object{"login": who.owner}, "created_at": time.Now().UTC().Format(time.RFC3339),
	}
	g.issues[repo] = append(g.issues[repo], issue)
	g.mu.Unlock()
	w.Header().Set("Location", fmt.Sprintf("https://api.github.com/repos/%s/issues/%d", repo, issue["number"]))
	reply(w, http.StatusCreated, issue)
}
