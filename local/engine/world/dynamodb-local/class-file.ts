/** A field or method: the class it belongs to, its name, and its descriptor. */
export type Member = readonly [owner: string, name: string, descriptor: string];

/** An instruction of the Java virtual machine, by the name that its specification gives it. */
export type Instruction =
  | keyof typeof plain
  | { readonly new: string }
  /** Pushes a text. */
  | { readonly ldc: string }
  | { readonly [Name in keyof typeof onMembers]: { readonly [Key in Name]: Member } }[keyof typeof onMembers];

const plain = {
  aconst_null: 0x01,
  iconst_0: 0x03,
  iconst_1: 0x04,
  pop: 0x57,
  dup: 0x59,
  swap: 0x5f,
  return: 0xb1,
} as const;
const ldc = 0x12;
const newObject = 0xbb;
const onMembers = { getstatic: 0xb2, invokevirtual: 0xb6, invokespecial: 0xb7, invokestatic: 0xb8 } as const;

/** Class files of Java 17. */
const version = 61;
/** More than any `main` that is written here has on the stack. */
const maxStack = 16;

/**
 * A Java class with nothing but a `main` without branches, as a class file: those who have a JRE and no JDK cannot compile one.
 * https://docs.oracle.com/javase/specs/jvms/se17/html/jvms-4.html
 */
export function mainClass(name: string, main: readonly Instruction[]): Buffer {
  const constants = new Constants();
  const code = Buffer.concat(main.map((instruction) => encoded(instruction, constants)));
  const [thisClass, superClass] = [constants.class(name), constants.class("java/lang/Object")];
  const [methodName, descriptor] = [constants.text("main"), constants.text("([Ljava/lang/String;)V")];
  const body = [u2(maxStack), u2(1), u4(code.length), code, u2(0), u2(0)];
  const publicStatic = 0x0009;
  const method = [u2(publicStatic), u2(methodName), u2(descriptor), u2(1), ...attribute("Code", body, constants)];
  const publicSuper = 0x0021;
  return Buffer.concat([
    ...[u4(0xcafebabe), u2(0), u2(version), constants.encoded()],
    ...[u2(publicSuper), u2(thisClass), u2(superClass), u2(0), u2(0)],
    ...[u2(1), ...method, u2(0)],
  ]);
}

function encoded(instruction: Instruction, constants: Constants): Buffer {
  if (typeof instruction === "string") return u1(plain[instruction]);
  if ("new" in instruction) return Buffer.concat([u1(newObject), u2(constants.class(instruction.new))]);
  if ("ldc" in instruction) return Buffer.concat([u1(ldc), u1(constants.string(instruction.ldc))]);
  const [[name, member]] = Object.entries(instruction) as [[keyof typeof onMembers, Member]];
  const place = name === "getstatic" ? constants.field(member) : constants.method(member);
  return Buffer.concat([u1(onMembers[name]), u2(place)]);
}

function attribute(name: string, parts: readonly Buffer[], constants: Constants): Buffer[] {
  const content = Buffer.concat(parts);
  return [u2(constants.text(name)), u4(content.length), content];
}

/** A class file's constants, each of which is there once. They are counted from 1. */
class Constants {
  readonly #places = new Map<string, number>();
  readonly #entries: Buffer[] = [];

  text(value: string): number {
    const bytes = Buffer.from(value);
    return this.#place(1, u2(bytes.length), bytes);
  }

  class(name: string): number {
    return this.#place(7, u2(this.text(name)));
  }

  string(value: string): number {
    return this.#place(8, u2(this.text(value)));
  }

  field(member: Member): number {
    return this.#member(9, member);
  }

  method(member: Member): number {
    return this.#member(10, member);
  }

  encoded(): Buffer {
    return Buffer.concat([u2(this.#entries.length + 1), ...this.#entries]);
  }

  #member(tag: number, [owner, name, descriptor]: Member): number {
    const nameAndType = this.#place(12, u2(this.text(name)), u2(this.text(descriptor)));
    return this.#place(tag, u2(this.class(owner)), u2(nameAndType));
  }

  #place(tag: number, ...parts: readonly Buffer[]): number {
    const entry = Buffer.concat([u1(tag), ...parts]);
    const key = entry.toString("latin1");
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.#entries.push(entry));
    return this.#entries.length;
  }
}

function u1(value: number): Buffer {
  return Buffer.of(value);
}

function u2(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function u4(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
