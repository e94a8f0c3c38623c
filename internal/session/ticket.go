package session

// Ticket is the ticket that is worked on; empty for none.
func (s *Session) Ticket() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ticket
}

// WorkOn puts a ticket on everything that is sent from now on; an empty one ends
// that.
func (s *Session) WorkOn(ticket string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ticket = ticket
}
