package request

import "hash/maphash"

// bodySum changes with the body, whatever its kind.
func (m *Model) bodySum() uint64 {
	var d Draft
	m.body.write(&d)
	var h maphash.Hash
	h.SetSeed(markSeed)
	_, _ = h.Write(d.Body) // a hash takes everything
	for _, p := range d.Parts {
		_, _ = h.WriteString("\x00" + p.Name + "\x00" + p.Value)
	}
	_, _ = h.WriteString("\x00" + d.File)
	return h.Sum64() | 1 // never 0, which stands for a whole body
}

// markCut remembers that the body is the beginning of a longer one, until it is changed.
func (m *Model) markCut(cut bool) {
	m.cut = 0
	if cut {
		m.cut = m.bodySum()
	}
}

// isCut reports that the body is still what was kept of a longer one.
func (m *Model) isCut() bool { return m.cut != 0 && m.cut == m.bodySum() }
