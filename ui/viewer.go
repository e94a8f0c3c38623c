package ui

import (
	"context"
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
	CopyName string // what a copy is offered to be called; empty for a name by its kind
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
	v.pane.Bare(opts.CopyName)
	table, err := action.NewTable(nil, action.Group{Name: action.Everywhere, Title: "Everywhere", Actions: []action.Action{
		{ID: "app.help", Title: "All keys", Hint: "help", Keys: []string{"?", "f1"}, Run: v.help},
		{ID: "app.back", Title: "One step back: leave the field, cancel, the whole text", Edit: true, Keys: []string{"esc", "alt+esc"}, Run: v.back},
		{ID: "app.cancel", Title: "Cancel what is under way; when idle, quit", Edit: true, Keys: []string{"ctrl+c"}, Run: v.cancelOrQuit},
		{ID: "app.quit", Title: "Quit", Hint: "quit", Keys: []string{"q"}, Run: func() tea.Cmd { return tea.Quit }},
	}}, action.Group{Name: viewed, Title: "The text", Actions: v.pane.Actions()})
	v.table = table
	v.pane.Focus(true)
	v.show(false)
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

// press is one key: the dialog's, else an action's, else text.
func (v *viewer) press(msg tea.KeyPressMsg) tea.Cmd {
	if !v.overlays.Empty() {
		return v.overlays.Update(msg)
	}
	if a, ok := v.table.Match(viewed, msg, v.pane.Editing()); ok {
		return a.Run()
	}
	if v.pane.Editing() {
		return v.pane.Update(msg)
	}
	return nil
}

// back goes one step back, as in the explorer.
func (v *viewer) back() tea.Cmd {
	switch {
	case v.pane.Editing():
		return v.pane.Update(tea.KeyPressMsg{Code: tea.KeyEscape})
	case v.cancel():
	default:
		v.pane.Unfilter()
	}
	return nil
}

// cancel ends the newest job that a person sees.
func (v *viewer) cancel() bool {
	running := underWay(v.jobs)
	return len(running) > 0 && v.jobs.Cancel(running[len(running)-1].Key)
}

func (v *viewer) cancelOrQuit() tea.Cmd {
	if v.cancel() {
		return nil
	}
	return tea.Quit
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
	body := frame.Fill(v.pane.View(v.width, v.height-bottomLines, v.th), v.width, v.height-bottomLines)
	var keys []string
	for _, a := range v.table.Hints(viewed, v.pane.Editing(), mostHints) {
		keys = append(keys, v.th.Accent.Paint(a.Key(v.pane.Editing()))+" "+v.th.Muted.Paint(a.Hint))
	}
	base := body + "\n" + v.statusLine() + "\n" + frame.Fit(" "+strings.Join(keys, "   "), v.width)
	if v.overlays.Empty() {
		return base
	}
	return v.overlays.View(base, v.th)
}

// statusLine names the text, and what is waited for, typed, or shows.
func (v *viewer) statusLine() string {
	left, right := v.pane.Status(v.th)
	if running := underWay(v.jobs); len(running) > 0 && !v.pane.Editing() {
		left = v.th.Text.Paint(visible.Line(running[len(running)-1].Label)+"…") + escCancels(v.th)
	}
	name := v.th.Strong.Paint(visible.Line(filepath.Base(v.opts.Name)))
	return frame.Row(frame.Columns(" "+name+"   "+left, right+" ", v.width), v.width, v.th.Bar)
}
