package ui

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/history/redact"
	"github.com/connectty/connectty/internal/home"
	"github.com/connectty/connectty/internal/httpfile"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/overlay"
	"github.com/connectty/connectty/ui/request"
)

// saved is a request of a .http file.
type saved struct {
	httpfile.Request

	path  string
	shown string // the path as people know it: below its folder
}

// name is how a request is called.
func (r *saved) name() string {
	if r.Name != "" {
		return r.Name
	}
	return r.URL
}

// collected answers readCollections.
type collected struct {
	requests []saved
	err      error // of the files that could not be read
	offer    bool  // a person waits to choose one
}

// collectionDir is where requests are kept that belong to no folder of the person's.
func (m *model) collectionDir() string { return filepath.Join(m.opts.ConfigDir, "collections") }

// openCollection offers the requests of .http files: of the folder connectty was
// started in, and of the config folder. They are read anew each time.
func (m *model) openCollection() tea.Cmd {
	return readCollections("reading .http files", true, ".", m.collectionDir())
}

// knowCollections reads the person's collections, so that the URL can be completed from
// them.
func (m *model) knowCollections() tea.Cmd {
	if m.opts.ConfigDir == "" {
		return nil
	}
	return readCollections("", false, m.collectionDir())
}

func readCollections(label string, offer bool, dirs ...string) tea.Cmd {
	return job.Start("collection", label, func(context.Context) tea.Msg {
		out := collected{offer: offer}
		for _, dir := range dirs {
			paths, err := httpfile.Find(dir)
			out.err = errors.Join(out.err, err)
			for _, path := range paths {
				file, err := httpfile.Read(path)
				out.err = errors.Join(out.err, err)
				shown, err := filepath.Rel(dir, path)
				if err != nil {
					shown = path
				}
				for _, r := range file.Requests {
					out.requests = append(out.requests, saved{r, path, shown})
				}
			}
		}
		return out
	})
}

func (msg collected) land(m *model) tea.Cmd {
	m.collection = nil
	for _, r := range msg.requests {
		m.collection = append(m.collection, request.Example{Title: visible.Line(r.shown), URL: r.URL})
	}
	m.request.SetKnown(m.known())
	if msg.offer {
		m.offerCollection(msg)
	}
	return nil
}

func (m *model) offerCollection(msg collected) {
	if len(msg.requests) == 0 {
		why := "no .http file is here, nor in " + visible.Line(m.collectionDir())
		if msg.err != nil {
			why = visible.Line(msg.err.Error())
		}
		m.warn(why, m.key("request.save")+" in the request saves one")
		return
	}
	items := make([]overlay.Item, len(msg.requests))
	for i, r := range msg.requests {
		items[i] = overlay.Item{Label: visible.Line(r.Method + " " + r.name()), Detail: visible.Line(r.shown), Keywords: r.URL}
	}
	m.overlays.Push(&overlay.Picker{Title: "Open a request", Items: items, Choose: func(i int) tea.Cmd { return m.loadSaved(msg.requests[i]) }})
	if msg.err != nil {
		m.warn(visible.Line(msg.err.Error()), "the other files are offered")
	}
}

func (m *model) loadSaved(r saved) tea.Cmd {
	d := request.Draft{Method: r.Method, URL: r.URL, Headers: r.Headers, File: r.BodyFile, Boundary: r.Boundary}
	if r.Body != "" {
		d.Body = []byte(r.Body)
	}
	for _, p := range r.Parts {
		d.Parts = append(d.Parts, session.Part(p))
	}
	m.request.Load(d)
	m.naming.opened = &r
	m.moveFocus(requestPane)
	m.say("Opened from " + visible.Line(r.shown) + "; {{names}} are filled in when it is sent")
	return m.readValues()
}

// saveRequest asks where what is composed is kept: where it came from, if it was opened.
func (m *model) saveRequest() tea.Cmd {
	d := m.request.Compose()
	if d.URL == "" {
		m.warn("write a URL (u) first", "")
		return nil
	}
	place, hint := "requests.http#", "a .http file, # and the request's name; it goes behind what is there"
	if o := m.naming.opened; o != nil {
		place, hint = o.shown+"#"+o.Name, "it replaces the one that was opened; another name keeps both"
	}
	m.overlays.Push(overlay.NewAsk("Save the request", place, hint,
		func(text string) tea.Cmd { return m.saveTo(strings.TrimSpace(text), d) }))
	return nil
}

// appended answers saveTo.
type appended struct {
	path  string
	saved httpfile.Saved
	now   *saved // as it stands there, where it is still the one that was opened
	err   error
}

const savingLabel = "saving the request"

// saveTo writes a request to a file. What others wrote there meanwhile stays.
func (m *model) saveTo(text string, d request.Draft) tea.Cmd {
	path, name, _ := strings.Cut(text, "#")
	shown := path
	opened := m.naming.opened
	switch {
	case opened != nil && path == opened.shown:
		path = opened.path
	case !filepath.IsAbs(path) && !strings.HasPrefix(path, "."+string(filepath.Separator)): // one of the person's collections
		path = filepath.Join(m.collectionDir(), path)
	}
	var was *httpfile.Request
	if opened != nil && path == opened.path && name == opened.Name {
		was = &opened.Request
	}
	if name == "" && was == nil {
		name = d.Method + " " + host(d.URL)
	}
	r := asSaved(name, d)
	return job.Start("collection", savingLabel, func(context.Context) tea.Msg {
		did, err := httpfile.Save(path, was, r)
		return appended{path, did, reopened(path, shown, r), err}
	})
}

// asSaved is a draft as a file keeps it: without secrets, and without whom it was sent
// for.
func asSaved(name string, d request.Draft) httpfile.Request {
	r := httpfile.Request{Name: name, Method: d.Method, URL: d.URL, Body: string(d.Body), BodyFile: absolute(d.File), Boundary: d.Boundary}
	r.Headers = slices.DeleteFunc(slices.Clone(d.Headers), func(h proxy.Field) bool { return redact.Sensitive(h.Name) })
	for _, p := range d.Parts {
		if p.File {
			p.Value = absolute(p.Value)
		}
		r.Parts = append(r.Parts, httpfile.Part(p))
	}
	return r
}

// absolute names a file so that it is found from any folder.
func absolute(path string) string {
	if path == "" {
		return ""
	}
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// reopened finds a request in the file that it was saved to; nil where it is not there.
func reopened(path, shown string, r httpfile.Request) *saved {
	file, err := httpfile.Read(path)
	if err != nil {
		return nil
	}
	for _, there := range slices.Backward(file.Requests) {
		if there.Method == r.Method && there.URL == r.URL && there.Name == r.Name {
			return &saved{there, path, shown}
		}
	}
	return nil
}

func (msg appended) land(m *model) tea.Cmd {
	if msg.err != nil {
		m.warn("not saved: "+visible.Line(msg.err.Error()), m.key("request.save")+" asks again")
		return nil
	}
	m.naming.opened = msg.now
	where := visible.Line(home.Short(msg.path))
	switch msg.saved {
	case httpfile.Replaced:
		m.say("Saved in " + where)
	case httpfile.Kept:
		m.warn("what was opened was changed meanwhile, or holds more than a request: both are in "+where, "")
	case httpfile.Added:
		m.say("Saved to " + where + " · " + m.key("request.open") + " opens it again")
	}
	return m.knowCollections()
}
