package ui

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/connectty/connectty/history"
	"github.com/connectty/connectty/internal/document"
	"github.com/connectty/connectty/internal/session"
	"github.com/connectty/connectty/internal/visible"
	"github.com/connectty/connectty/proxy"
	"github.com/connectty/connectty/themes"
	"github.com/connectty/connectty/ui/action"
	"github.com/connectty/connectty/ui/frame"
	"github.com/connectty/connectty/ui/job"
	"github.com/connectty/connectty/ui/overlay"
	"github.com/connectty/connectty/ui/response"
)

// ViewOptions say what is viewed.
type ViewOptions struct {
	Name     string // as it is shown; its ending tells what it is
	Source   io.Reader
	Theme    string // a name, or auto; empty for auto
	ThemeDir string
	DataDir  string // where a text lies that is too long for the terminal's clipboard
}

// viewer is the response pane as a pager.
type viewer struct {
	opts     ViewOptions
	doc      *document.Document
	pane     *response.Model
	table    *action.Table
	overlays overlay.Stack
	jobs     *job.Runner
	th       *themes.Theme
	width    int
	height   int
}

// View shows a text of any size on the terminal until the person quits or the context
// ends. It is read while it is shown.
func View(ctx context.Context, opts ViewOptions) error {
	return runScreen(ctx, func(ctx context.Context) (screen, error) { return newViewer(ctx, opts) })
}

func (v *viewer) end() error {
	v.jobs.Wait(stopWait)
	v.pane.Close()
	return nil
}

func newViewer(ctx context.Context, opts ViewOptions) (*viewer, error) {
	v := &viewer{opts: opts, pane: response.New(), jobs: job.NewRunner(ctx, time.Now), th: themes.For(true)}
	if opts.Theme != "" && opts.Theme != "auto" {
		th, err := themes.Load(opts.Theme, opts.ThemeDir)
		if err != nil {
			return nil, err
		}
		v.th = th
	}
	v.doc = document.New(document.Options{MediaType: document.MediaTypeOf(opts.Name)})
	v.pane.Bare()
	v.show(false)
	table, err := action.NewTable(nil, action.Group{Name: action.Everywhere, Title: "Everywhere", Actions: []action.Action{
		{ID: "app.help", Title: "All keys", Hint: "help", Keys: []string{"?", "f1"}, Run: v.help},
		{ID: "app.quit", Title: "Quit", Hint: "quit", Keys: []string{"q"}, Run: func() tea.Cmd { return tea.Quit }},
	}}, action.Group{Name: viewed, Title: "The text", Actions: v.pane.Actions()})
	v.table = table
	v.pane.Focus(true)
	return v, err
}

// viewed is the group of the text's own actions.
const viewed = "response"

// Init begins to read.
func (v *viewer) Init() tea.Cmd {
	cmds := []tea.Cmd{v.read()}
	if v.opts.Theme == "" || v.opts.Theme == "auto" {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	return tea.Batch(cmds...)
}

// grown reports that more was read; done, that it was the end.
type grown struct{ done bool }

// read takes the source in, while its beginning is shown. Nobody waits for the goroutine
// that reads: it may never hear from a source that stays open.
func (v *viewer) read() tea.Cmd {
	doc, source := v.doc, v.opts.Source
	return job.Stream("read", "", func(ctx context.Context, emit func(tea.Msg)) tea.Msg {
		more, ended := make(chan struct{}, 1), make(chan struct{})
		go func() {
			defer close(ended)
			take(ctx, doc, source, more)
		}()
		for {
			select {
			case <-more:
				emit(grown{})
			case <-ended:
				return grown{done: true}
			case <-ctx.Done():
				return nil
			}
			select { // what comes meanwhile is told together
			case <-time.After(often):
			case <-ctx.Done():
			}
		}
	})
}

// take reads the source to its end, and marks in more that something came.
func take(ctx context.Context, doc *document.Document, source io.Reader, more chan<- struct{}) {
	buf := make([]byte, 256<<10)
	for ctx.Err() == nil {
		n, err := source.Read(buf)
		if _, werr := doc.Write(buf[:n]); werr != nil {
			err = werr
		}
		switch {
		case errors.Is(err, io.EOF):
			doc.End(nil)
			return
		case err != nil:
			doc.End(err)
			return
		}
		select {
		case more <- struct{}{}:
		default: // it is marked
		}
	}
}

// show gives the pane what there is.
func (v *viewer) show(done bool) {
	x := history.Exchange{ID: "view", Response: &history.Response{Status: 200, Headers: []proxy.Field{}}}
	v.pane.Show(session.Result{Exchange: x, Document: v.doc, Done: done, Err: v.doc.State().Err})
}

// Update routes a message to the pane or to what is open above it.
func (v *viewer) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := v.route(msg)
	return v, tea.Batch(cmd, v.pane.Unpack())
}

func (v *viewer) route(msg tea.Msg) tea.Cmd {
	if cmd, ok := v.jobs.Route(msg, v.route); ok {
		return cmd
	}
	switch msg := msg.(type) {
	case grown:
		v.show(msg.done)
		return nil
	case tea.WindowSizeMsg:
		v.width, v.height = msg.Width, msg.Height
		v.overlays.Resize(msg.Width, msg.Height)
		v.pane.Resize(msg.Width, msg.Height-bottomLines)
		return nil
	case tea.BackgroundColorMsg:
		if v.th != themes.Mono() {
			v.th = themes.For(msg.IsDark())
		}
		return nil
	case tea.ColorProfileMsg:
		if msg.Profile <= colorprofile.ASCII {
			v.th = themes.Mono()
		}
		return nil
	case tea.KeyPressMsg:
		return v.press(msg)
	case tea.PasteMsg, tea.MouseMsg:
		if !v.overlays.Empty() {
			return v.overlays.Update(msg)
		}
	case response.Clip:
		return clip(msg.Text, v.opts.DataDir)
	case clipped:
		words, cmd := msg.done()
		if words != "" {
			v.pane.Say(words)
		}
		return cmd
	case response.PipeAsked:
		v.overlays.Push(askPipe(func(line string) tea.Cmd { return pipe(line, shown(v.pane), nil) }))
		return nil
	case piped:
		v.pane.Say(msg.words())
		return nil
	case response.FoldAsked:
		v.overlays.Push(menuOf("Fold", v.pane.FoldChoices()))
		return nil
	case response.ReadingAsked:
		v.overlays.Push(readings(v.pane, msg))
		return nil
	case response.CopyAsked:
		v.overlays.Push(menuOf("Copy", v.pane.Copies(nil))) // there is no exchange to report
		return nil
	}
	return v.pane.Update(msg)
}

func (v *viewer) press(msg tea.KeyPressMsg) tea.Cmd {
	switch key := msg.String(); {
	case !v.overlays.Empty():
		return v.overlays.Update(msg)
	case key == "ctrl+c":
		return tea.Quit
	case key == "esc" || key == "alt+esc":
		return v.back()
	}
	if a, ok := v.table.Match(viewed, msg, v.pane.Editing()); ok {
		return a.Run()
	}
	if v.pane.Editing() {
		return v.pane.Update(msg)
	}
	return nil
}

// back goes one step back: out of what is typed, else the newest job ends, else the whole
// text shows.
func (v *viewer) back() tea.Cmd {
	running := v.jobs.UnderWay()
	switch {
	case v.pane.Editing():
		return v.pane.Update(tea.KeyPressMsg{Code: tea.KeyEscape})
	case len(running) > 0:
		v.jobs.Cancel(running[len(running)-1].Key)
	default:
		v.pane.Unfilter()
	}
	return nil
}

func (v *viewer) help() tea.Cmd {
	v.overlays.Push(overlay.NewHelp(v.table, viewed))
	return nil
}

// View draws the text, where one is in it, and the keys.
func (v *viewer) View() tea.View {
	view := tea.NewView(v.screen())
	view.AltScreen, view.MouseMode = true, tea.MouseModeCellMotion
	return view
}

func (v *viewer) screen() string {
	if v.width == 0 || v.height <= bottomLines {
		return ""
	}
	left, right := v.pane.Status(v.th)
	if running := v.jobs.UnderWay(); len(running) > 0 && !v.pane.Editing() {
		left = v.th.Text.Paint(visible.Line(running[len(running)-1].Label)+"…") + cancels(v.th)
	}
	name := v.th.Strong.Paint(visible.Line(filepath.Base(v.opts.Name)))
	body := frame.Fill(v.pane.View(v.width, v.height-bottomLines, v.th), v.width, v.height-bottomLines)
	var keys []string
	for _, a := range v.table.Hints(viewed, v.pane.Editing(), mostHints) {
		keys = append(keys, v.th.Accent.Paint(a.Key(v.pane.Editing()))+" "+v.th.Muted.Paint(a.Hint))
	}
	base := body + "\n" + frame.Row(frame.Columns(" "+name+"   "+left, right+" ", v.width), v.width, v.th.Bar) + "\n" + frame.Fit(" "+strings.Join(keys, "   "), v.width)
	if v.overlays.Empty() {
		return base
	}
	return v.overlays.View(base, v.th)
}
