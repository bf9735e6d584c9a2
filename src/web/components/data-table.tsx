import { Button, Checkbox, Select, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type ReactNode, useEffect, useMemo, useRef } from 'react';
import { requestAt } from '../api/client.ts';
import { useText } from '../i18n/use-text.ts';
import { Icon } from './icon.tsx';
import { Loading } from './page.tsx';
import { ProblemNote } from './problem-note.tsx';
import { ScrollRegion } from './scroll-region.tsx';

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  /** CSS grid track, e.g. `minmax(180px, 2fr)`. */
  readonly width: string;
  /** Field of the list's `sort`, where the server sorts by it. */
  readonly sort?: string;
  readonly render: (item: T) => ReactNode;
}

export interface ListPage<T> {
  readonly items: readonly T[];
  readonly total?: number;
  readonly nextCursor?: string;
}

export interface DataTableProps<T> {
  /** What the table holds, for those who cannot see it. */
  readonly label: string;
  /** List address below /api/v1. */
  readonly path: string;
  readonly query: Readonly<Record<string, string | boolean | undefined>>;
  readonly columns: readonly Column<T>[];
  readonly keyOf: (item: T) => string;
  readonly sort?: string | undefined;
  readonly onSort?: (sort: string) => void;
  readonly empty: ReactNode;
  /** Milliseconds between refreshes; absent: only when something happens. */
  readonly refresh?: number;
  readonly pageSize?: number;
  /** Rows are as tall as what is in them. */
  readonly wrap?: boolean;
  /** A box to tick beside each row. */
  readonly choice?: Choice<T>;
}

export interface Choice<T> {
  readonly chosen: ReadonlySet<string>;
  readonly onToggle: (item: T, on: boolean) => void;
  /** What ticking the box of an item means. */
  readonly label: (item: T) => string;
  readonly header: string;
}

const rowHeight = 52;

/** A list of any length: the server searches, filters, sorts and pages; only rows in sight are in the document. */
export function DataTable<T>(props: DataTableProps<T>) {
  const { t, formatNumber } = useText();
  const { path, query, sort, choice } = props;
  const columns = choice === undefined ? props.columns : [choiceColumn(choice, props.keyOf), ...props.columns];
  const list = useInfiniteQuery({
    queryKey: ['list', path, query, sort ?? ''],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) =>
      (
        await requestAt<ListPage<T>>('GET', path, {
          query: { ...query, sort, limit: String(props.pageSize ?? 100), cursor: pageParam },
          signal,
        })
      ).body,
    getNextPageParam: (last) => last.nextCursor,
    placeholderData: keepPreviousData,
    // Whoever scrolled far would have page after page fetched anew: what is near the top is what changes are looked for in.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) <= 3 ? (props.refresh ?? false) : false),
    refetchOnWindowFocus: false,
  });
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const total = list.data?.pages[0]?.total ?? items.length;
  const scroll = useRef<HTMLElement>(null);
  const cards = useMediaQuery('(max-width: 640px)', matchMedia('(max-width: 640px)').matches);
  const measured = cards || props.wrap === true;
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => (cards ? 24 + 26 * columns.length : rowHeight),
    overscan: 12,
  });
  // Rows and cards differ in height: what was measured is forgotten when the screen changes from one to the other.
  // biome-ignore lint/correctness/useExhaustiveDependencies: cards is what changes
  useEffect(() => rows.measure(), [cards, rows]);
  const inSight = rows.getVirtualItems();
  const last = inSight.at(-1)?.index ?? -1;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (last >= items.length - 20 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [last, items.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  if (list.isPending) return <Loading />;
  if (list.isError && items.length === 0) return <ProblemNote error={list.error} onRetry={() => void list.refetch()} />;
  const tracks = { '--fr-columns': columns.map((each) => each.width).join(' ') } as CSSProperties;
  return (
    <div
      className="fr-table-box"
      data-wrap={props.wrap || undefined}
      data-choice={choice !== undefined || undefined}
      data-stale={list.isPlaceholderData || undefined}
    >
      {cards && props.onSort !== undefined && <SortField columns={columns} sort={sort} onSort={props.onSort} />}
      <ScrollRegion className="fr-table-scroll" ref={scroll} label={props.label}>
        {/* biome-ignore lint/a11y/useSemanticElements: rows out of sight are left out, which <table> cannot say */}
        <div role="table" aria-label={props.label} aria-rowcount={total + 1} className="fr-table" style={tracks}>
          {/* biome-ignore lint/a11y/useSemanticElements: see above */}
          <div role="row" aria-rowindex={1} className="fr-row fr-head" tabIndex={-1}>
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} sort={sort} onSort={cards ? undefined : props.onSort} />
            ))}
          </div>
          {items.length > 0 && (
            // biome-ignore lint/a11y/useSemanticElements: see above
            <div role="rowgroup" className="fr-rows" style={{ height: rows.getTotalSize() }}>
              {inSight.map((row) => {
                const item = items[row.index]!;
                return (
                  // biome-ignore lint/a11y/useSemanticElements: see above
                  <div
                    key={props.keyOf(item)}
                    role="row"
                    aria-rowindex={row.index + 2}
                    tabIndex={-1}
                    className="fr-row"
                    data-index={row.index}
                    {...(measured ? { ref: rows.measureElement } : {})}
                    style={{ transform: `translateY(${row.start}px)`, ...(measured ? {} : { height: row.size }) }}
                  >
                    {columns.map((column) => (
                      // biome-ignore lint/a11y/useSemanticElements: see above
                      <div role="cell" key={column.id} className="fr-cell" data-label={column.header}>
                        {column.render(item)}
                      </div>
                    ))}
                  </div>
                );
              })}
            </div>
          )}
        </div>
        {items.length === 0 && <div className="fr-empty">{props.empty}</div>}
      </ScrollRegion>
      <div className="fr-table-foot">
        <Text size="xs" c="dimmed" role="status">
          {t('list.shown', { shown: formatNumber(items.length), total: formatNumber(total) })}
        </Text>
        {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
        {hasNextPage && (
          <Button size="compact-xs" variant="subtle" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('list.more')}
          </Button>
        )}
      </div>
    </div>
  );
}

function choiceColumn<T>(choice: Choice<T>, keyOf: (item: T) => string): Column<T> {
  return {
    id: 'choice',
    header: choice.header,
    width: '44px',
    render: (item) => (
      <Checkbox
        className="fr-choice"
        aria-label={choice.label(item)}
        checked={choice.chosen.has(keyOf(item))}
        onChange={(event) => choice.onToggle(item, event.currentTarget.checked)}
      />
    ),
  };
}

/** In place of headings that can be pressed, where there is no room for them. */
function SortField<T>({
  columns,
  sort,
  onSort,
}: {
  columns: readonly Column<T>[];
  sort: string | undefined;
  onSort: (sort: string) => void;
}) {
  const { t } = useText();
  const choices = columns.flatMap(({ sort: field, header }) =>
    field === undefined
      ? []
      : [
          { value: field, label: t('list.ascending', { field: header }) },
          { value: `-${field}`, label: t('list.descending', { field: header }) },
        ],
  );
  if (choices.length === 0) return null;
  return (
    <div className="fr-table-tools">
      <Select
        aria-label={t('list.sortBy')}
        size="xs"
        allowDeselect={false}
        data={choices}
        value={sort ?? null}
        onChange={(next) => next !== null && onSort(next)}
      />
    </div>
  );
}

function HeadCell<T>({
  column,
  sort,
  onSort,
}: {
  column: Column<T>;
  sort: string | undefined;
  onSort: ((sort: string) => void) | undefined;
}) {
  const field = column.sort;
  if (field === undefined || onSort === undefined)
    return (
      // biome-ignore lint/a11y/useSemanticElements: part of a table that leaves out rows
      // biome-ignore lint/a11y/useFocusableInteractive: nothing to do with it
      <div role="columnheader" className="fr-cell">
        {column.id === 'choice' ? <span className="fr-visually-hidden">{column.header}</span> : column.header}
      </div>
    );
  const up = sort === field;
  const down = sort === `-${field}`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of a table that leaves out rows
    // biome-ignore lint/a11y/useFocusableInteractive: the button inside is
    <div role="columnheader" className="fr-cell" aria-sort={up ? 'ascending' : down ? 'descending' : 'none'}>
      <button type="button" className="fr-sort" onClick={() => onSort(up ? `-${field}` : field)}>
        {column.header}
        {(up || down) && <Icon name={up ? 'arrowUp' : 'arrowDown'} size={13} />}
      </button>
    </div>
  );
}
