package document

// Skim runs the JSON tokenizer over a body as the index does, and returns its lines.
func Skim(body []byte) int {
	x := newIndex(&jsonLexer{})
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
