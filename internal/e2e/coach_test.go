package e2e

import "testing"

// The first steps advance by doing, and are gone for good at their end.
func TestCoach(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	s := open(t, 120, 40, surroundings(home))
	s.shows("1/6", "U picks the external user", "This is the embedded sandbox")
	s.keys("U", "jane", "enter")
	s.shows("2/6", "A picks one of their accounts")
	s.keys("A", "slack", "enter")
	s.shows("3/6")
	s.keys("u", "/api/conversations.list", "enter")
	s.shows("4/6", "200 OK, but failed", "it was not granted channels:read")
	s.keys("4")
	s.shows("5/6")
	s.keys("5")
	s.shows("6/6", "user-1203 dead")
	s.keys("U", "user-1203", "enter")
	s.shows("That was the main job", "✗ dead")
	s.hides("6/6")
	s.keys("q")
	s.ends()
	s = open(t, 120, 40, surroundings(home))
	s.shows("user-1203", "GitHub")
	s.hides("1/6")
	s.keys("q")
	s.ends()

	home = t.TempDir()
	s = open(t, 80, 24, surroundings(home))
	s.shows("1/6", "× away")
	s.keys(":", "first steps", "enter")
	s.hides("1/6")
	s.keys("q")
	s.ends()
	s = open(t, 80, 24, surroundings(home))
	s.shows("This is the embedded sandbox")
	s.hides("1/6")
	s.keys("q")
	s.ends()
}
