package editor

import "slices"

// text is bytes with a gap where they were changed last, so that typing on moves
// none of them.
type text struct {
	buf       []byte
	gap, tail int // the gap is buf[gap:tail]
}

// leastGap is the room that is made when the gap is used up.
const leastGap = 4 << 10

func (t *text) size() int { return len(t.buf) - (t.tail - t.gap) }

func (t *text) at(i int) byte {
	if i >= t.gap {
		i += t.tail - t.gap
	}
	return t.buf[i]
}

// slice returns bytes that hold until the next change; the caller must not write
// to them.
func (t *text) slice(from, to int) []byte {
	gap := t.tail - t.gap
	switch {
	case to <= t.gap:
		return t.buf[from:to:to]
	case from >= t.gap:
		return t.buf[from+gap : to+gap : to+gap]
	}
	return slices.Concat(t.buf[from:t.gap], t.buf[t.tail:to+gap])
}

// replace puts other bytes in the place of those from one place to another.
func (t *text) replace(from, to int, with []byte) {
	t.moveGap(from)
	t.tail += to - from
	if t.tail-t.gap < len(with) {
		t.grow(len(with))
	}
	t.gap += copy(t.buf[t.gap:], with)
}

func (t *text) moveGap(to int) {
	switch n := to - t.gap; {
	case n < 0:
		copy(t.buf[t.tail+n:t.tail], t.buf[to:t.gap])
		t.gap, t.tail = to, t.tail+n
	case n > 0:
		copy(t.buf[t.gap:], t.buf[t.tail:t.tail+n])
		t.gap, t.tail = to, t.tail+n
	}
}

func (t *text) grow(need int) {
	room := need + leastGap + t.size()/8
	buf := make([]byte, t.size()+room)
	copy(buf, t.buf[:t.gap])
	tail := len(buf) - (len(t.buf) - t.tail)
	copy(buf[tail:], t.buf[t.tail:])
	t.buf, t.tail = buf, tail
}
