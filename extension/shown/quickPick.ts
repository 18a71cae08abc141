import { type Disposable, type QuickPickItem, window } from 'vscode';
import { inert } from '../../src/protocol/messages.ts';
import { withIcon } from './text.ts';

/** One line of a list to choose from. */
export interface Choice {
  readonly label: string;
  /** Name of an icon before the label. */
  readonly icon?: string;
  readonly description?: string;
  readonly detail?: string;
}

export interface ListOptions {
  readonly title?: string;
  readonly placeHolder?: string;
  readonly matchOnDescription?: boolean;
  readonly matchOnDetail?: boolean;
}

interface Item<T> extends QuickPickItem {
  readonly choice: T;
}

const optional = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : inert(text);

const itemOf = <T extends Choice>(choice: T): Item<T> => ({
  label: withIcon(choice.icon, choice.label),
  description: optional(choice.description),
  detail: optional(choice.detail),
  choice,
});

/** Lets the user pick one of a list; undefined if it was closed. */
export const pickFrom = async <T extends Choice>(
  choices: readonly T[],
  { title, placeHolder, ...rest }: ListOptions,
): Promise<T | undefined> =>
  (
    await window.showQuickPick(choices.map(itemOf), {
      ...rest,
      title: optional(title),
      placeHolder: optional(placeHolder),
    })
  )?.choice;

/** Lets the user pick any number of a list, some of them picked beforehand; undefined if it was closed. */
export const pickSeveral = async <T extends Choice>(
  choices: readonly T[],
  { title, placeHolder, ...rest }: ListOptions,
  isPicked: (choice: T) => boolean,
): Promise<readonly T[] | undefined> =>
  (
    await window.showQuickPick(
      choices.map((choice) => ({ ...itemOf(choice), picked: isPicked(choice) })),
      { ...rest, title: optional(title), placeHolder: optional(placeHolder), canPickMany: true },
    )
  )?.map(({ choice }) => choice);

/** A list whose lines may change while it is open. */
export class ChoiceList<T extends Choice> implements Disposable {
  private readonly pick = window.createQuickPick<Item<T>>();

  constructor({ title, placeHolder, matchOnDescription = false, matchOnDetail = false }: ListOptions) {
    this.pick.title = optional(title);
    this.pick.placeholder = optional(placeHolder);
    this.pick.matchOnDescription = matchOnDescription;
    this.pick.matchOnDetail = matchOnDetail;
    this.pick.keepScrollPosition = true;
  }

  get active(): T | undefined {
    return this.pick.activeItems[0]?.choice;
  }

  /** `isActive` decides which line is active; by default it is the first when the list opens. */
  show(choices: readonly T[], isActive: (choice: T) => boolean): void {
    this.pick.items = choices.map(itemOf);
    const active = this.pick.items.filter(({ choice }) => isActive(choice));
    if (active.length > 0) this.pick.activeItems = active.slice(0, 1);
  }

  set busy(busy: boolean) {
    this.pick.busy = busy;
  }

  /** Opens the list; returns the picked line, or undefined if it was closed. */
  ask(): Promise<T | undefined> {
    return new Promise((resolve) => {
      this.pick.onDidAccept(() => {
        resolve(this.active);
        this.pick.hide();
      });
      this.pick.onDidHide(() => resolve(undefined));
      this.pick.show();
    });
  }

  dispose(): void {
    this.pick.dispose();
  }
}
