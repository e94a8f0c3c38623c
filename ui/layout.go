package ui

// place names a pane of the screen.
type place int

// The panes, in the order of tab.
const (
	environmentPane place = iota
	usersPane
	accountsPane
	requestPane
	responsePane
	historyPane
	sweepPane
	comparePane
	places int = iota
)

// scene is what the screen is arranged for.
type scene int

// The scenes.
const (
	bench     scene = iota // pick, compose, send, read
	desk                   // the accounts of a sweep, and what each answered
	comparing              // two answers side by side
)

// has reports that a scene has a use for a pane, whether or not it has a place now.
func (s scene) has(p place) bool {
	switch s {
	case desk:
		return p == sweepPane || p == responsePane
	case comparing:
		return p == comparePane || p == environmentPane || p == usersPane || p == accountsPane || p == historyPane
	case bench:
	}
	return p != sweepPane && p != comparePane
}

// lead is the pane that a scene is about: it has a place at every size.
func (s scene) lead() place {
	return [...]place{requestPane, sweepPane, comparePane}[s]
}

// nowhere is no pane.
const nowhere place = -1

// group is the name of the pane's actions in the table.
func (p place) group() string {
	return [...]string{"environment", "users", "accounts", "request", "response", "history", "sweep", "compare"}[p]
}

// title is the pane's name on its border.
func (p place) title() string {
	return [...]string{"Environment", "Users", "Accounts", "Request", "Response", "History", "Sweep", "Compare"}[p]
}

// key reaches the pane, as its border shows it.
func (p place) key() string {
	return [...]string{"E", "1", "2", "3", "4", "5", "S", "C"}[p]
}

// box is where a pane stands, border included, in cells from the top left.
type box struct{ x, y, w, h int }

// contains reports whether a cell lies in the box.
func (b box) contains(x, y int) bool {
	return x >= b.x && x < b.x+b.w && y >= b.y && y < b.y+b.h
}

// The screen's measures.
const (
	leastWidth  = 60  // below, one line says the size needed
	leastHeight = 15  //
	wideFrom    = 100 // two columns
	besideFrom  = 160 // a sweep has the answers beside it instead of below
	tallFrom    = 34  // the history has a place of its own in the left column
	topLines    = 1   // the context line
	bottomLines = 2   // status and keys
)

// layout is the places of the panes that show, in the order they are drawn.
type layout struct {
	shown []place
	boxes [places]box
	edges []edge
}

// shows reports whether a pane has a place on the screen.
func (l *layout) shows(p place) bool { return l.boxes[p].h > 0 }

func (l *layout) put(p place, b box) {
	l.shown = append(l.shown, p)
	l.boxes[p] = b
}

// arrange lays the panes out. It depends on nothing but its arguments, so
// growing a terminal back brings the same screen back.
func arrange(width, height int, focus place, zoom bool, s scene, moved splits) layout {
	var l layout
	area := box{x: 0, y: topLines, w: width, h: height - topLines - bottomLines}
	switch {
	case zoom:
		l.put(focus, area)
	case s == desk:
		l.desk(area, focus)
	case s == comparing && width < wideFrom:
		l.put(comparePane, area)
	case width >= wideFrom:
		l.columns(area, height >= tallFrom, focus, s, moved)
	default:
		l.stack(area, focus, moved)
	}
	return l
}

// desk is the accounts of a sweep on top, or on the left where the screen is very
// wide, and the answer of one of them.
func (l *layout) desk(area box, focus place) {
	share := 55 // of a hundred
	if focus == responsePane {
		share = 40
	}
	first, second := area, area
	if area.w >= besideFrom {
		first.w = area.w * share / 100
		second.x, second.w = first.w, area.w-first.w
	} else {
		first.h = max(6, area.h*share/100)
		second.y, second.h = area.y+first.h, area.h-first.h
	}
	l.put(sweepPane, first)
	l.put(responsePane, second)
}

// columns is the wide screen: whom one acts for on the left, what one asks and
// gets on the right.
func (l *layout) columns(area box, tall bool, focus place, s scene, moved splits) {
	const leastLeft, leastRight = 26, 50
	left := box{x: area.x, y: area.y, h: area.h}
	left.w = moved.of(columnSplit, area.w, max(34, min(area.w*3/10, 56)), leastLeft, leastRight)
	right := box{x: left.w, y: area.y, w: area.w - left.w, h: area.h}
	l.choices(left, tall, focus)
	l.edges = append(l.edges, edge{columnSplit, box{left.w - 1, area.y, 2, area.h}, area, true})
	if s == comparing {
		l.put(comparePane, right)
		return
	}
	request := max(7, min(right.h/4, 14))
	if focus == requestPane {
		request = max(request, min(right.h*2/5, 20))
	}
	request = moved.of(answerSplit, right.h, request, leastRequest, leastResponse)
	l.put(requestPane, box{right.x, right.y, right.w, request})
	l.put(responsePane, box{right.x, right.y + request, right.w, right.h - request})
	l.edges = append(l.edges, edge{answerSplit, box{right.x, right.y + request - 1, right.w, 2}, right, false})
}

// What request and response need at least, borders included.
const (
	leastRequest  = 5
	leastResponse = 6
)

// choices fills the left column. Where it is short the history takes the place
// of users and accounts while it has the focus.
func (l *layout) choices(left box, tall bool, focus place) {
	const environment = 3
	l.put(environmentPane, box{left.x, left.y, left.w, environment})
	rest := left.h - environment
	y := left.y + environment
	if !tall && focus == historyPane {
		l.put(historyPane, box{left.x, y, left.w, rest})
		return
	}
	users, accounts := rest*55/100, rest-rest*55/100
	if tall {
		users = max(6, min(rest*27/100, 18))
		accounts = max(5, min(rest*20/100, 14))
	}
	l.put(usersPane, box{left.x, y, left.w, users})
	l.put(accountsPane, box{left.x, y + users, left.w, accounts})
	if tall {
		l.put(historyPane, box{left.x, y + users + accounts, left.w, rest - users - accounts})
	}
}

// stack is the narrow screen: request over response, the context line standing
// for the lists, and the history where it has room or the focus.
func (l *layout) stack(area box, focus place, moved splits) {
	request, history := 6, 0
	if area.h >= 20 {
		history = 3
	}
	switch focus {
	case requestPane:
		request = max(request, area.h/2)
		history = 0
	case historyPane:
		history = area.h / 2
		request = min(request, area.h/4)
	default: // the lists are pickers here
	}
	if focus != historyPane {
		request = moved.of(stackSplit, area.h, request, leastRequest, leastResponse+history)
		l.edges = append(l.edges, edge{stackSplit, box{area.x, area.y + request - 1, area.w, 2}, area, false})
	}
	response := area.h - request - history
	l.put(requestPane, box{area.x, area.y, area.w, request})
	l.put(responsePane, box{area.x, area.y + request, area.w, response})
	if history > 0 {
		l.put(historyPane, box{area.x, area.y + request + response, area.w, history})
	}
}
