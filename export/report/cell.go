package report

import "strings"

// Cells are cells of a table in CSV. One that a spreadsheet would reckon with begins with an apostrophe.
func Cells(line ...string) []string {
	for i, cell := range line {
		if cell != "" && strings.ContainsRune("=+-@'\t\r\n", rune(cell[0])) {
			line[i] = "'" + cell
		}
	}
	return line
}
