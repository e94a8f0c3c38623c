package ui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/connectty/connectty/ui/uitest"
)

// fuzzKeys are the keys that a random hand presses: all that do something, some that do
// not, and letters.
var fuzzKeys = strings.Fields("esc enter tab shift+tab up down left right home end pgup pgdown backspace delete ctrl+u ctrl+r f5 ctrl+p ctrl+z ctrl+y ctrl+w ctrl+k " +
	"ctrl+left ctrl+right shift+left shift+right shift+down alt+1 alt+2 alt+3 alt+4 alt+5 alt+esc alt+z alt+a alt+c alt+v alt+x alt+m alt+g alt+i ctrl+c f1 " +
	": ? / n N [ ] { } ( ) \" ' , . < > | + - = # ! @ $ % & * ; \\ 0 1 2 3 4 5 6 a b c d e f g h i j k l m p r s t u v w x y z A B C D E F G I J L M P R S T U W é 日 👩‍🚀")

// fuzzTexts are what is pasted.
var fuzzTexts = []string{
	uitest.Hostile, uitest.Wide, "", "\x00\xff\xfe", "{\"a\": [1, {\"b\": \"\\u202e\"}]}", strings.Repeat("x", 3000), strings.Repeat("日", 500), "a\tb\r\nc\rd\n\n\n",
	"curl -X POST https://slack.com/api/x -H 'A: b' -d '{'", "https://api.pipedream.com/v1/connect/p/proxy/aHR0cHM6Ly9hLmI?external_user_id=x&account_id=apn_1", "GET /x HTTP/1.1\r\nA: b\r\n\r\nbody",
	"{{user.id}} {{nope}} {{last.body.a[0]}}", "a=1&b=%zz&&=c#frag?d",
}

// fuzzSizes are those of common screens, and some that are none.
var fuzzSizes = [][2]int{{60, 15}, {80, 24}, {80, 50}, {100, 30}, {120, 40}, {200, 60}, {59, 14}, {61, 16}, {99, 33}, {160, 20}, {1, 1}, {79, 23}, {60, 100}}

// script drives the explorer by bytes: of two, the first says what happens, the second
// with what.
func script(e *explorer, ops []byte) {
	for i := 0; i+1 < len(ops); i += 2 {
		arg := int(ops[i+1])
		what := ""
		switch ops[i] % 16 {
		case 0:
			size := fuzzSizes[arg%len(fuzzSizes)]
			what = fmt.Sprint("size ", size)
			e.size(size[0], size[1])
		case 1:
			what = "paste"
			e.tell(tea.PasteMsg{Content: fuzzTexts[arg%len(fuzzTexts)]})
		case 2, 3:
			at := tea.Mouse{X: arg * e.width / 256, Y: (arg * 7 % 256) * e.height / 256, Button: tea.MouseLeft}
			what = fmt.Sprint("mouse ", at)
			for _, msg := range []tea.Msg{tea.MouseClickMsg(at), tea.MouseMotionMsg{X: at.Y, Y: at.X, Button: tea.MouseLeft}, tea.MouseReleaseMsg(at)} {
				e.tell(msg)
			}
		case 4:
			button := []tea.MouseButton{tea.MouseWheelUp, tea.MouseWheelDown, tea.MouseWheelLeft}[arg%3]
			e.tell(tea.MouseWheelMsg{X: arg * e.width / 256, Y: arg * e.height / 256, Button: button})
			what = "wheel"
		case 5:
			e.stage(scene(arg % 3))
			e.tell(nil)
			what = fmt.Sprint("scene ", e.scene)
		case 6:
			e.tell(tea.ClipboardMsg{Content: fuzzTexts[arg%len(fuzzTexts)]})
			what = "clipboard"
		default:
			key := fuzzKeys[arg%len(fuzzKeys)]
			what = "key " + key
			e.press(key)
		}
		if e.exact(fmt.Sprintf("step %d, %s, at %d×%d", i/2, what, e.width, e.height)); e.tb.Failed() {
			e.tb.Fatalf("the steps were %q", ops[:i+2])
		}
	}
}

// Whatever is pressed, pasted, clicked and resized: nothing panics, each line is exactly
// as wide and the screen exactly as high as the terminal, and nothing of a stranger's
// text is obeyed.
func FuzzExplorer(f *testing.F) {
	for seed := range 12 {
		ops := make([]byte, 400)
		x := uint32(seed*2654435761 + 1)
		for i := range ops {
			x = x*1664525 + 1013904223
			ops[i] = byte(x >> 24)
		}
		f.Add(ops)
	}
	f.Fuzz(func(t *testing.T, ops []byte) {
		const most = 2000
		e := working(t, 120, 40)
		e.beginCoach(false)
		e.tell(nil)
		script(e, ops[:min(len(ops), most)])
	})
}
