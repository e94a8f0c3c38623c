package session

import (
	"context"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/proxy/presets"
	"github.com/connectty/connectty/proxy/sandbox"
)

// Inserts returns where the account's credential goes out for an app. exact tells
// that it will be so: the embedded sandbox is our own. Of any other service it is
// what is known of the app, and may differ; none for an app that is not known.
func (s *Session) Inserts(app string) (inserts []presets.Insert, exact bool) {
	if known, ok := s.inserts[app]; ok {
		return known, true
	}
	p, _ := s.presets.For(app)
	return p.Insert, false
}

// inserts reads them from a sandbox's configuration.
func inserts(cfg sandbox.Config) map[string][]presets.Insert {
	out := map[string][]presets.Insert{}
	for _, app := range cfg.Apps {
		for _, i := range app.Insert {
			out[app.Slug] = append(out[app.Slug], presets.Insert{
				Header: i.Header, Query: i.Query, Value: i.Value,
				BasicUser: i.BasicUser, BasicPassword: i.BasicPassword, Path: i.Path,
			})
		}
	}
	return out
}

// recentlySent is how many exchanges are looked at for URLs.
const recentlySent = 300

// SentURLs returns the URLs that this project sent to an app, each once, the newest
// first.
func (s *Session) SentURLs(ctx context.Context, app string) ([]string, error) {
	if s.store == nil {
		return nil, nil
	}
	list, err := s.store.List(ctx, history.Query{ProjectID: s.profile.ProjectID, App: app, Limit: recentlySent})
	if err != nil {
		return nil, err
	}
	var urls []string
	seen := map[string]bool{}
	for _, x := range list {
		if !seen[x.Request.URL] {
			seen[x.Request.URL] = true
			urls = append(urls, x.Request.URL)
		}
	}
	return urls, nil
}
