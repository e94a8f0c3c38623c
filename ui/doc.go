// Package ui is the explorer: the root model that lays panes out, moves the
// focus, routes messages between panes and carries out what they ask for. The
// panes are packages of their own and know nothing of each other.
package ui
