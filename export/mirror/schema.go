package mirror

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
)

// applicationID marks mirror.db as this program's, in SQLite's header ("AGCm").
const applicationID = 0x4147436d

// The SQL of the migrations.
var (
	//go:embed schema.sql
	schema string
	//go:embed schema2.sql
	schema2 string // 2: Jira issues
	//go:embed schema3.sql
	schema3 string // 3: tasks, classification, icons, older versions
	//go:embed schema4.sql
	schema4 string // 4: what lists no longer hold
	//go:embed schema5.sql
	schema5 string // 5: states of pages
	//go:embed schema6.sql
	schema6 string // 6: when contents were fetched
	//go:embed schema7.sql
	schema7 string // 7: what holds cover, as it was
)

// migrations make a database of version n+1 from one of version n, the first of
// them from an empty file. A program that was ever released has its mirrors
// about, so an entry never changes: to change the schema, append the SQL that
// does it. Foreign keys are checked only at the end of a step, so it may build
// tables anew. Sums stay right when a column is added as NULL or empty.
var migrations = []string{
	schema, schema2, schema3, schema4, schema5, schema6, schema7,
}

// migrate brings the database to the newest version, one transaction a step.
func migrate(ctx context.Context, s *session, from int, steps []string) error {
	for v := from; v < len(steps); v++ {
		if err := s.step(ctx, steps[v], v+1); err != nil {
			return fmt.Errorf("migrating the schema to version %d: %w", v+1, err)
		}
	}
	return nil
}

// step runs one migration with the check of foreign keys put off to its end.
// The setting cannot change within a transaction, hence around it: the session
// of a writer has but one connection.
func (s *session) step(ctx context.Context, text string, version int) error {
	if _, err := s.db.ExecContext(ctx, "PRAGMA foreign_keys = 0"); err != nil {
		return err
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	text += fmt.Sprintf(";\nPRAGMA application_id = %d; PRAGMA user_version = %d;", applicationID, version)
	if _, err := tx.ExecContext(ctx, text); err != nil {
		return err
	}
	if err := foreignKeys(ctx, tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, "PRAGMA foreign_keys = 1")
	return err
}

// foreignKeys fails if a row points at one that is not there.
func foreignKeys(ctx context.Context, tx *sql.Tx) error {
	var table string
	err := tx.QueryRowContext(ctx, `SELECT "table" FROM pragma_foreign_key_check LIMIT 1`).Scan(&table)
	switch err {
	case sql.ErrNoRows:
		return nil
	case nil:
		return fmt.Errorf("a row of %s points at a row that is missing", table)
	}
	return err
}
