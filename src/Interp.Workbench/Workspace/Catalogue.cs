using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Interp.Workbench.Workspace;

/// <summary>
/// The index of a store's runs in SQLite. It holds nothing that the run folders do not: it is brought up to date with them
/// at every reading, made again when it is damaged or of another version, and done without when it cannot be written.
/// </summary>
internal sealed class Catalogue(string path)
{
    private const int Version = 1;
    private const int BusyTimeoutSeconds = 5;
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;

    /// <summary>The runs of a store, the newest first.</summary>
    public IReadOnlyList<RunSummary> Runs(RunStore store)
    {
        for (var fresh = false; ; fresh = true)
        {
            try
            {
                return Read(store);
            }
            catch (SqliteException e) when (!fresh && e.SqliteErrorCode is not (SqliteBusy or SqliteLocked))
            {
                Delete();
            }
            catch (SqliteException)
            {
                // A folder that cannot hold a database still has its runs.
                return FromFolders(store);
            }
        }
    }

    /// <summary>Deletes the index; the next reading makes it again.</summary>
    public void Delete()
    {
        foreach (var file in (string[])[path, path + "-journal", path + "-wal", path + "-shm"])
        {
            try
            {
                File.Delete(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Read-only or held open: the runs are then listed without the index.
            }
        }
    }

    private static List<RunSummary> FromFolders(RunStore store) =>
        [.. store.Ids.Select(id => Summarise(store, id)).OfType<RunSummary>()
            .OrderByDescending(run => run.StartedUtc).ThenByDescending(run => run.Id, StringComparer.Ordinal)];

    private List<RunSummary> Read(RunStore store)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = BusyTimeoutSeconds,
        }.ToString());
        connection.Open();
        Prepare(connection);

        // One writer at a time, from the look at the folders to the end of the change.
        using var transaction = connection.BeginTransaction(deferred: false);
        Update(connection, store);
        var runs = Select(connection);
        transaction.Commit();
        return runs;
    }

    private static void Prepare(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        if (Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture) != Version)
        {
            command.CommandText = $"""
                BEGIN IMMEDIATE;
                DROP TABLE IF EXISTS runs;
                CREATE TABLE runs (
                    id TEXT PRIMARY KEY, stamp TEXT NOT NULL, analysis TEXT NOT NULL, title TEXT NOT NULL, model TEXT,
                    started INTEGER NOT NULL, elapsed REAL NOT NULL, line TEXT, problem TEXT) WITHOUT ROWID;
                PRAGMA user_version = {Version};
                COMMIT;
                """;
            command.ExecuteNonQuery();
        }
    }

    private static void Update(SqliteConnection connection, RunStore store)
    {
        var known = Stamps(connection);
        foreach (var id in store.Ids)
        {
            var stamp = Stamp(store, id);
            var isKnown = known.Remove(id, out var old);
            if ((!isKnown || old != stamp) && Summarise(store, id) is { } run)
            {
                Insert(connection, run, stamp);
            }
        }

        foreach (var gone in known.Keys)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM runs WHERE id = $id";
            command.Parameters.AddWithValue("$id", gone);
            command.ExecuteNonQuery();
        }
    }

    private static Dictionary<string, string> Stamps(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, stamp FROM runs";
        using var reader = command.ExecuteReader();
        var stamps = new Dictionary<string, string>(StringComparer.Ordinal);
        while (reader.Read())
        {
            stamps[reader.GetString(0)] = reader.GetString(1);
        }

        return stamps;
    }

    // Time and length of the manifest: a run that was replaced or mended is read again.
    private static string Stamp(RunStore store, string id)
    {
        var file = new FileInfo(Path.Combine(store.Folder, id, RunFiles.Manifest));
        return file.Exists ? $"{file.LastWriteTimeUtc.Ticks}/{file.Length}" : "";
    }

    private static RunSummary? Summarise(RunStore store, string id)
    {
        var folder = Path.Combine(store.Folder, id);
        if (!Directory.Exists(folder))
        {
            return null;
        }

        var problems = new List<string>();
        var manifest = RunRecord.ReadManifest(folder, problems);
        return new RunSummary(
            id, manifest.Analysis, manifest.Title, manifest.Sources.Model, manifest.StartedUtc, manifest.ElapsedSeconds, manifest.Line, problems.FirstOrDefault());
    }

    private static void Insert(SqliteConnection connection, RunSummary run, string stamp)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT OR REPLACE INTO runs (id, stamp, analysis, title, model, started, elapsed, line, problem)
            VALUES ($id, $stamp, $analysis, $title, $model, $started, $elapsed, $line, $problem)
            """;
        command.Parameters.AddWithValue("$id", run.Id);
        command.Parameters.AddWithValue("$stamp", stamp);
        command.Parameters.AddWithValue("$analysis", run.Analysis);
        command.Parameters.AddWithValue("$title", run.Title);
        command.Parameters.AddWithValue("$model", (object?)run.Model ?? DBNull.Value);
        command.Parameters.AddWithValue("$started", run.StartedUtc.UtcTicks);
        command.Parameters.AddWithValue("$elapsed", double.IsFinite(run.ElapsedSeconds) ? run.ElapsedSeconds : 0);
        command.Parameters.AddWithValue("$line", (object?)run.Line ?? DBNull.Value);
        command.Parameters.AddWithValue("$problem", (object?)run.Problem ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    private static List<RunSummary> Select(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, analysis, title, model, started, elapsed, line, problem FROM runs ORDER BY started DESC, id DESC";
        using var reader = command.ExecuteReader();
        var runs = new List<RunSummary>();
        while (reader.Read())
        {
            runs.Add(new RunSummary(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.IsDBNull(3) ? null : reader.GetString(3),
                new DateTimeOffset(reader.GetInt64(4), TimeSpan.Zero),
                reader.GetDouble(5),
                reader.IsDBNull(6) ? null : reader.GetString(6),
                reader.IsDBNull(7) ? null : reader.GetString(7)));
        }

        return runs;
    }
}
