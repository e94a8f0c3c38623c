package ui

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/httpfile"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/overlay"
	"github.com/connectty/connectty/ui/request"
)

// saved is a request of a .http file.
type saved struct {
	httpfile.Request

	path string
}

// collected answers openCollection.
type collected struct {
	requests []saved
	err      error // of the files that could not be read
}

// collectionDir is where requests are kept that belong to no folder of the person's.
func (m *model) collectionDir() string { return filepath.Join(m.opts.ConfigDir, "collections") }

// openCollection offers the requests of .http files: of the folder connectty was
// started in, and of the config folder.
func (m *model) openCollection() tea.Cmd {
	dirs := []string{".", m.collectionDir()}
	return job.Start("collection", "reading .http files", func(context.Context) tea.Msg {
		var out collected
		for _, dir := range dirs {
			paths, err := httpFiles(dir)
			out.err = errors.Join(out.err, err)
			for _, path := range paths {
				file, err := httpfile.Read(path)
				out.err = errors.Join(out.err, err)
				for _, r := range file.Requests {
					out.requests = append(out.requests, saved{r, path})
				}
			}
		}
		return out
	})
}

// httpFiles are the .http and .rest files of a folder; a folder that is not there has
// none.
func httpFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var out []string
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); !e.IsDir() && (ext == ".http" || ext == ".rest") {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out, err
}

func (m *model) collected(msg collected) tea.Cmd {
	if len(msg.requests) == 0 {
		why := "no .http file is here, nor in " + visible.Line(m.collectionDir())
		if msg.err != nil {
			why = visible.Line(msg.err.Error())
		}
		m.warn(why, m.key("request.save")+" in the request saves one")
		return nil
	}
	items := make([]overlay.Item, len(msg.requests))
	for i, r := range msg.requests {
		label := r.Name
		if label == "" {
			label = r.URL
		}
		items[i] = overlay.Item{Label: visible.Line(r.Method + " " + label), Detail: visible.Line(filepath.Base(r.path)), Keywords: r.URL}
	}
	p := &overlay.Picker{Title: "Open a request", Items: items, Choose: func(i int) tea.Cmd { return m.loadSaved(msg.requests[i]) }}
	m.overlays.Push(p)
	if msg.err != nil {
		m.warn(visible.Line(msg.err.Error()), "the other files are offered")
	}
	return nil
}

func (m *model) loadSaved(r saved) tea.Cmd {
	d := request.Draft{Method: r.Method, URL: r.URL, Headers: r.Headers}
	if r.Body != "" {
		d.Body = []byte(r.Body)
	}
	m.request.Load(d)
	m.naming.origin = r.path
	m.moveFocus(requestPane)
	m.say("Opened from " + visible.Line(filepath.Base(r.path)) + "; {{names}} are filled in when it is sent")
	return m.readValues()
}

// saveRequest asks where what is composed is kept.
func (m *model) saveRequest() tea.Cmd {
	d := m.request.Compose()
	if d.URL == "" {
		m.warn("write a URL (u) first", "")
		return nil
	}
	m.overlays.Push(overlay.NewAsk("Save the request", "requests.http#", "a .http file, # and the request's name; it goes behind what is there",
		func(text string) tea.Cmd { return m.appendTo(strings.TrimSpace(text), d) }))
	return nil
}

// appended answers appendTo.
type appended struct {
	path string
	err  error
}

// appendTo puts a request behind what a file holds. What others wrote meanwhile stays.
func (m *model) appendTo(text string, d request.Draft) tea.Cmd {
	path, name, _ := strings.Cut(text, "#")
	if !strings.ContainsRune(path, filepath.Separator) { // one of the person's collections
		path = filepath.Join(m.collectionDir(), path)
	}
	if name == "" {
		name = d.Method + " " + host(d.URL)
	}
	r := httpfile.Request{Name: name, Method: d.Method, URL: d.URL, Headers: slices.DeleteFunc(slices.Clone(d.Headers), secretHeader), Body: string(d.Body)}
	return job.Start("collection", "saving the request", func(context.Context) tea.Msg {
		if ext := filepath.Ext(path); ext != ".http" && ext != ".rest" {
			return appended{path, errors.New("name a file that ends in .http")}
		}
		return appended{path, appendFile(path, "\n"+r.Block())}
	})
}

// secretHeader reports a header that is nobody's business in a file.
func secretHeader(h proxy.Field) bool {
	return strings.EqualFold(h.Name, "Authorization") || strings.EqualFold(h.Name, "Cookie")
}

func appendFile(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text) // one write: of two processes neither cuts the other's
	return errors.Join(err, f.Close())
}

func (m *model) appended(msg appended) tea.Cmd {
	if msg.err != nil {
		m.warn("not saved: "+visible.Line(msg.err.Error()), m.key("request.save")+" asks again")
		return nil
	}
	m.say("Saved to " + visible.Line(msg.path) + " · " + m.key("request.open") + " opens it again")
	return nil
}
