package document

// Skim runs the JSON tokenizer over a body as the index does, and returns its lines.
func Skim(body []byte) int {
	x := newIndex(&jsonLexer{}, 0)
	x.feed(body, true)
	return x.lines
}

// Tokens runs it token by token, and returns how many there are.
func Tokens(body []byte) int {
	var lex jsonLexer
	n := 0
	for len(body) > 0 {
		body = body[lex.next(body).len():]
		n++
	}
	return n
}

// LongestBlock is how many bytes lie between two marks of a view, at most.
func LongestBlock(d *Document, v View) int64 {
	s := d.snapshot(v)
	longest := int64(0)
	for i := range s.marks {
		longest = max(longest, s.end(i+1)-s.marks[i].off)
	}
	return longest
}
