using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Mirai.Platform.Database.Migrations.PostgreSql;

[DbContext(typeof(PostgreSqlDbContext))]
[Migration("20261130000000_Create")]
internal sealed class Create : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "accounts",
            columns: table => new
            {
                Id = table.Column<Guid>(type: "uuid", nullable: false),
                SessionId = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                RegistrationId = table.Column<Guid>(type: "uuid", nullable: true),
                Email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                Name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
            },
            constraints: table => table.PrimaryKey("PK_accounts", x => x.Id));
        migrationBuilder.CreateTable(
            name: "checkouts",
            columns: table => new
            {
                SessionId = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                State = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                Reason = table.Column<string>(type: "text", nullable: true),
                TaskId = table.Column<Guid>(type: "uuid", nullable: true),
                ChangedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
            },
            constraints: table => table.PrimaryKey("PK_checkouts", x => x.SessionId));
        migrationBuilder.CreateTable(
            name: "documents",
            columns: table => new
            {
                Id = table.Column<Guid>(type: "uuid", nullable: false),
                Name = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                MediaType = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                State = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                FailureReason = table.Column<string>(type: "text", nullable: true),
                CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                FinishedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                Percent = table.Column<int>(type: "integer", nullable: false),
                TaskId = table.Column<Guid>(type: "uuid", nullable: false),
                Tasks = table.Column<int>(type: "integer", nullable: false),
                ClaimId = table.Column<Guid>(type: "uuid", nullable: true),
                ClaimedUntil = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                Content = table.Column<byte[]>(type: "bytea", nullable: false)
            },
            constraints: table => table.PrimaryKey("PK_documents", x => x.Id));
        migrationBuilder.CreateTable(
            name: "folders",
            columns: table => new
            {
                Id = table.Column<Guid>(type: "uuid", nullable: false),
                Name = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                ParentId = table.Column<Guid>(type: "uuid", nullable: true),
                Version = table.Column<int>(type: "integer", nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_folders", x => x.Id);
                table.ForeignKey(
                    name: "FK_folders_folders_ParentId",
                    column: x => x.ParentId,
                    principalTable: "folders",
                    principalColumn: "Id",
                    onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateTable(
            name: "generation_jobs",
            columns: table => new
            {
                Id = table.Column<Guid>(type: "uuid", nullable: false),
                Kind = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                State = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                CourseId = table.Column<Guid>(type: "uuid", nullable: false),
                Documents = table.Column<List<Guid>>(type: "uuid[]", nullable: false),
                Title = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                Instructions = table.Column<string>(type: "text", nullable: true),
                FolderId = table.Column<Guid>(type: "uuid", nullable: true),
                MaxLessons = table.Column<int>(type: "integer", nullable: false),
                Percent = table.Column<int>(type: "integer", nullable: false),
                Step = table.Column<string>(type: "text", nullable: true),
                Generator = table.Column<string>(type: "text", nullable: true),
                FailureReason = table.Column<string>(type: "text", nullable: true),
                CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                StartedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                FinishedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                TaskId = table.Column<Guid>(type: "uuid", nullable: true),
                Tasks = table.Column<int>(type: "integer", nullable: false),
                ClaimId = table.Column<Guid>(type: "uuid", nullable: true),
                ClaimedUntil = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
            },
            constraints: table => table.PrimaryKey("PK_generation_jobs", x => x.Id));
        migrationBuilder.CreateTable(
            name: "marks",
            columns: table => new
            {
                Task = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                Moment = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
            },
            constraints: table => table.PrimaryKey("PK_marks", x => x.Task));
        migrationBuilder.CreateTable(
            name: "outbox",
            columns: table => new
            {
                Id = table.Column<Guid>(type: "uuid", nullable: false),
                Type = table.Column<string>(type: "text", nullable: false),
                Payload = table.Column<byte[]>(type: "bytea", nullable: true),
                Options = table.Column<string>(type: "text", nullable: false),
                CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                PublishedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                Error = table.Column<string>(type: "text", nullable: true),
                ClaimId = table.Column<Guid>(type: "uuid", nullable: true),
                ClaimedUntil = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
            },
            constraints: table => table.PrimaryKey("PK_outbox", x => x.Id));
        migrationBuilder.CreateTable(
            name: "registrations",
            columns: table => new
            {
                Id = table.Column<Guid>(type: "uuid", nullable: false),
                Email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                Name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                State = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                ExpiresAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                AccountId = table.Column<Guid>(type: "uuid", nullable: true)
            },
            constraints: table => table.PrimaryKey("PK_registrations", x => x.Id));
        migrationBuilder.CreateTable(
            name: "document_extractions",
            columns: table => new
            {
                DocumentId = table.Column<Guid>(type: "uuid", nullable: false),
                Title = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                Words = table.Column<int>(type: "integer", nullable: false),
                KeyTerms = table.Column<List<string>>(type: "text[]", nullable: false),
                Pages = table.Column<int>(type: "integer", nullable: true),
                Text = table.Column<string>(type: "text", nullable: false),
                Chunks = table.Column<string>(type: "jsonb", nullable: false),
                Sections = table.Column<string>(type: "jsonb", nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_document_extractions", x => x.DocumentId);
                table.ForeignKey(
                    name: "FK_document_extractions_documents_DocumentId",
                    column: x => x.DocumentId,
                    principalTable: "documents",
                    principalColumn: "Id",
                    onDelete: ReferentialAction.Cascade);
            });
        migrationBuilder.CreateTable(
            name: "courses",
            columns: table => new
            {
                Id = table.Column<Guid>(type: "uuid", nullable: false),
                Title = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                Summary = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                FolderId = table.Column<Guid>(type: "uuid", nullable: true),
                Status = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                Tags = table.Column<List<string>>(type: "text[]", nullable: false),
                Generator = table.Column<string>(type: "text", nullable: true),
                Documents = table.Column<List<Guid>>(type: "uuid[]", nullable: false),
                CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                UpdatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                Version = table.Column<int>(type: "integer", nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_courses", x => x.Id);
                table.ForeignKey(
                    name: "FK_courses_folders_FolderId",
                    column: x => x.FolderId,
                    principalTable: "folders",
                    principalColumn: "Id",
                    onDelete: ReferentialAction.Restrict);
            });
        migrationBuilder.CreateTable(
            name: "lessons",
            columns: table => new
            {
                Id = table.Column<Guid>(type: "uuid", nullable: false),
                CourseId = table.Column<Guid>(type: "uuid", nullable: false),
                Position = table.Column<int>(type: "integer", nullable: false),
                Title = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                Summary = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: true),
                Body = table.Column<string>(type: "text", nullable: true),
                KeyPoints = table.Column<List<string>>(type: "text[]", nullable: false),
                Generator = table.Column<string>(type: "text", nullable: true),
                Sources = table.Column<string>(type: "jsonb", nullable: false)
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_lessons", x => x.Id);
                table.ForeignKey(
                    name: "FK_lessons_courses_CourseId",
                    column: x => x.CourseId,
                    principalTable: "courses",
                    principalColumn: "Id",
                    onDelete: ReferentialAction.Cascade);
            });
        migrationBuilder.CreateIndex(
            name: "IX_accounts_SessionId", table: "accounts", column: "SessionId", unique: true);
        migrationBuilder.CreateIndex(
            name: "IX_checkouts_State_ChangedAt", table: "checkouts", columns: new[] { "State", "ChangedAt" });
        migrationBuilder.CreateIndex(name: "IX_courses_FolderId", table: "courses", column: "FolderId");
        migrationBuilder.CreateIndex(name: "IX_courses_Status", table: "courses", column: "Status");
        migrationBuilder.CreateIndex(
            name: "IX_documents_unread",
            table: "documents",
            column: "ClaimedUntil",
            filter: "\"State\" = 'Received' OR \"State\" = 'Reading'");
        migrationBuilder.CreateIndex(name: "IX_folders_ParentId", table: "folders", column: "ParentId");
        migrationBuilder.CreateIndex(
            name: "IX_generation_jobs_open",
            table: "generation_jobs",
            column: "ClaimedUntil",
            filter: "\"FinishedAt\" IS NULL");
        migrationBuilder.CreateIndex(name: "IX_lessons_CourseId", table: "lessons", column: "CourseId");
        migrationBuilder.CreateIndex(name: "IX_outbox_PublishedAt", table: "outbox", column: "PublishedAt");
        migrationBuilder.CreateIndex(
            name: "IX_outbox_waiting",
            table: "outbox",
            column: "Id",
            filter: "\"PublishedAt\" IS NULL AND \"Error\" IS NULL");
        migrationBuilder.CreateIndex(
            name: "IX_registrations_State_ExpiresAt", table: "registrations", columns: new[] { "State", "ExpiresAt" });
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropTable(name: "accounts");
        migrationBuilder.DropTable(name: "checkouts");
        migrationBuilder.DropTable(name: "document_extractions");
        migrationBuilder.DropTable(name: "generation_jobs");
        migrationBuilder.DropTable(name: "lessons");
        migrationBuilder.DropTable(name: "marks");
        migrationBuilder.DropTable(name: "outbox");
        migrationBuilder.DropTable(name: "registrations");
        migrationBuilder.DropTable(name: "documents");
        migrationBuilder.DropTable(name: "courses");
        migrationBuilder.DropTable(name: "folders");
    }
}
