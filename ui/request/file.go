package request

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/internal/home"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/list"
)

// paths is what is known of the folder that a path names.
type paths struct {
	folder string // as it was typed
	read   bool
	names  []string // folders end in a separator
	path   string   // the file that was looked at last
	found  string   // its size in words, or what is wrong
	wrong  bool
}

// pathsRead answers lookAt.
type pathsRead paths

// mostNames bounds how much of a folder is offered.
const mostNames = 2000

// lookAt reads what a path stands for: its folder, to complete it, and its size.
func (m *Model) lookAt(path string) tea.Cmd {
	known := m.paths
	folder, _ := filepath.Split(path)
	if known.read && known.folder == folder && known.path == path {
		return nil
	}
	return job.Start("request.path", "", func(context.Context) tea.Msg {
		p := pathsRead{folder: folder, read: true, path: path, names: known.names}
		if !known.read || known.folder != folder {
			p.names = namesIn(folder)
		}
		p.found, p.wrong = sizeIn(path)
		return p
	})
}

func namesIn(folder string) []string {
	at := home.Expand(folder)
	if at == "" {
		at = "."
	}
	entries, err := os.ReadDir(at)
	if err != nil {
		return nil // a path that is still being typed
	}
	var names []string
	for _, e := range entries[:min(len(entries), mostNames)] {
		name := e.Name()
		if e.IsDir() {
			name += string(filepath.Separator)
		}
		names = append(names, name)
	}
	return names
}

func sizeIn(path string) (words string, wrong bool) {
	if path == "" {
		return "", false
	}
	info, err := os.Stat(home.Expand(path))
	switch {
	case err != nil:
		return "there is no such file", true
	case info.IsDir():
		return "this is a folder", true
	case !info.Mode().IsRegular():
		return "this is no ordinary file", true
	}
	return list.Bytes(info.Size()), false
}

// offers is how a path could go on.
func (p *paths) offers(typed string) []offer {
	folder, start := filepath.Split(typed)
	if !p.read || folder != p.folder {
		return nil
	}
	var all []offer
	for _, name := range p.names {
		if strings.HasPrefix(name, ".") && !strings.HasPrefix(start, ".") {
			continue
		}
		all = append(all, offer{text: folder + name})
	}
	return all
}

// said is what is known of a path: its size, or what is wrong.
func (p *paths) said(path string) (words string, wrong bool) {
	if p.path != path {
		return "", false
	}
	return p.found, p.wrong
}

// types are the media types of files by the ends of their names. The system's own
// table differs from machine to machine.
var types = map[string]string{
	".json": jsonType, ".txt": textType, ".md": textType, ".csv": "text/csv", ".xml": "application/xml", ".html": "text/html", ".pdf": "application/pdf",
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".svg": "image/svg+xml",
	".zip": "application/zip", ".gz": "application/gzip", ".ndjson": "application/x-ndjson", ".mp3": "audio/mpeg", ".mp4": "video/mp4",
}

func typeByName(path string) string {
	if t, ok := types[strings.ToLower(filepath.Ext(path))]; ok {
		return t
	}
	return "application/octet-stream"
}
